using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// A view of a key that was shared with the server beforehand (RFC 8446 §4.2.11, RFC 4279), as <see cref="TlsConfig.PreSharedKey"/>
/// takes it: like a session, a value of bytes. Secret.
/// <code>
///  0 u8 HashAlgorithm    1 u16 identityBytes (little-endian)    3 identity, key
/// </code>
/// Bytes of another shape have no key, and are <see cref="FaultReason.PreSharedKeyInvalid"/> when a handshake begins.
/// </summary>
public readonly ref struct SharedKey
{
    /// <summary>The bytes before identity and key.</summary>
    public const int HeaderBytes = 3;

    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Looks at what <see cref="TryWrite"/> wrote.</summary>
    public SharedKey(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The hash that the key belongs to in TLS 1.3; where none was named, SHA-256 (RFC 8446 §4.2.11).</summary>
    public HashAlgorithm Hash => _bytes.IsEmpty || _bytes[0] == (byte)HashAlgorithm.None ? HashAlgorithm.Sha256 : (HashAlgorithm)_bytes[0];

    /// <summary>Its name on the wire, which is public.</summary>
    public ReadOnlySpan<byte> Identity => !Features.PreSharedKeys || IdentityBytes < 0 ? default : _bytes.Slice(HeaderBytes, IdentityBytes);

    /// <summary>The key. Secret.</summary>
    public ReadOnlySpan<byte> Key => !Features.PreSharedKeys || IdentityBytes < 0 ? default : _bytes.Slice(HeaderBytes + IdentityBytes);

    /// <summary>The length of the identity; negative where these bytes cannot hold it.</summary>
    private int IdentityBytes
    {
        get
        {
            int bytes = _bytes.Length < HeaderBytes ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Slice(1));
            return bytes > _bytes.Length - HeaderBytes ? -1 : bytes;
        }
    }

    /// <summary>
    /// Puts identity and key into <paramref name="destination"/>, which needs <see cref="HeaderBytes"/> more than both. False where it is too small, or
    /// the identity longer than 65,535 bytes. Leaks: both lengths.
    /// </summary>
    public static bool TryWrite(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> key, HashAlgorithm hash, Span<byte> destination, out int written)
    {
        written = 0;
        int bytes = HeaderBytes + identity.Length + key.Length;
        if (identity.Length > ushort.MaxValue || bytes > destination.Length)
        {
            return false;
        }

        destination[0] = (byte)hash;
        BinaryPrimitives.WriteUInt16LittleEndian(destination.Slice(1), (ushort)identity.Length);
        identity.CopyTo(destination.Slice(HeaderBytes));
        key.CopyTo(destination.Slice(HeaderBytes + identity.Length));
        written = bytes;
        return true;
    }
}
