using System;
using System.Buffers.Binary;
using Thimble.Memory;

namespace Thimble.X509;

/// <summary>
/// One anchor of a <see cref="RomImage"/> (RFC 5280 §6.1.1 (d)).
/// <code>
///  0 u32 entryBytes, a multiple of 8     8 u8[32] SHA-256 of the DER subject
///  4 u8 flags                           40 the key as a SubjectPublicKey
///  5 u8 pathLen                            display name, UTF-8, padded to a multiple of 8
///  6 u8 textBytes                          then, as the flags say: u32 length and nameConstraints, padded;
///  7 u8 0                                  u32 length and the digest of the tbsCertificate, padded
/// </code>
/// </summary>
public readonly ref struct TrustAnchor
{
    /// <summary>The anchor limits how many CAs may stand below it.</summary>
    public const byte HasPathLength = 1;

    /// <summary>The anchor limits the names below it.</summary>
    public const byte HasNameConstraints = 2;

    /// <summary>The anchor is no CA: it is trusted as a leaf, byte for byte, and issues nothing.</summary>
    public const byte IsEndEntity = 4;

    /// <summary>The anchor's own key is one of the image's pins: a chain that ends here needs no other.</summary>
    public const byte IsPinned = 8;

    /// <summary>Where the flags stand.</summary>
    public const int FlagsOffset = 4;

    private const byte KnownFlags = HasPathLength | HasNameConstraints | IsEndEntity;

    /// <summary>The bytes before the key.</summary>
    public const int HeaderBytes = 40;

    private readonly ReadOnlySpan<byte> _entry;

    internal TrustAnchor(ReadOnlySpan<byte> entry) => _entry = entry;

    /// <summary>The name to show: the subject's common name, else its organization.</summary>
    public ReadOnlySpan<byte> DisplayName => _entry.Slice(HeaderBytes + Key.Bytes, _entry[6]);

    /// <summary>The anchor's key.</summary>
    public SubjectPublicKey Key => new(_entry[HeaderBytes..]);

    /// <summary>What is set of <see cref="HasPathLength"/>, <see cref="HasNameConstraints"/>, <see cref="IsEndEntity"/> and <see cref="IsPinned"/>.</summary>
    public byte Flags => _entry[FlagsOffset];

    /// <summary>How many CAs may stand below, where <see cref="HasPathLength"/> is set.</summary>
    public byte PathLength => _entry[5];

    /// <summary>The SHA-256 of the DER subject.</summary>
    public ReadOnlySpan<byte> SubjectHash => _entry.Slice(8, NameHash.Bytes);

    /// <summary>The value of nameConstraints in DER, or empty.</summary>
    public ReadOnlySpan<byte> NameConstraints => (Flags & HasNameConstraints) == 0 ? default : Tail(TextEnd);

    /// <summary>The digest of the tbsCertificate under the hash of its own signature, or empty.</summary>
    public ReadOnlySpan<byte> TbsDigest =>
        (Flags & IsEndEntity) == 0 ? default
        : Tail((Flags & HasNameConstraints) == 0 ? TextEnd : TextEnd + TailBytes(TextEnd));

    internal uint EntryBytes => BinaryPrimitives.ReadUInt32LittleEndian(_entry);

    private int TextEnd => Padded(HeaderBytes + Key.Bytes + _entry[6]);

    /// <summary>Whether an entry is whole within these bytes.</summary>
    internal static bool Fits(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes + SubjectPublicKey.HeaderBytes)
        {
            return false;
        }

        var anchor = new TrustAnchor(bytes);
        if ((anchor.EntryBytes & 7) != 0 || anchor.EntryBytes < HeaderBytes + SubjectPublicKey.HeaderBytes || anchor.EntryBytes > (uint)bytes.Length || anchor.Flags > (Features.PinnedKeys ? KnownFlags | IsPinned : KnownFlags) || !IsKey(anchor.Key))
        {
            return false;
        }

        // Keys have at most 2^16 bits and texts 255 bytes: no sum below can overflow.
        var entry = new TrustAnchor(bytes[..(int)anchor.EntryBytes]);
        int end = entry.TextEnd;
        return ((entry.Flags & HasNameConstraints) == 0 || entry.SkipTail(ref end))
            && ((entry.Flags & IsEndEntity) == 0 || entry.SkipTail(ref end))
            && end == entry._entry.Length;
    }

    private static bool IsKey(SubjectPublicKey key) => key.Kind switch
    {
        KeyKind.Rsa => key.Bits >= 1024,
        KeyKind.P256 => key.Bits == 256,
        KeyKind.P384 => key.Bits == 384,
        KeyKind.P521 => key.Bits == 521,
        KeyKind.Ed25519 => key.Bits == 256,
        _ => false,
    };

    private static int Padded(int bytes) => (bytes + 7) & ~7;

    private ReadOnlySpan<byte> Tail(int at) => _entry.Slice(at + 4, (int)BinaryPrimitives.ReadUInt32LittleEndian(_entry[at..]));

    private int TailBytes(int at) => Padded(4 + (int)BinaryPrimitives.ReadUInt32LittleEndian(_entry[at..]));

    private bool SkipTail(ref int at)
    {
        if (at > _entry.Length - 4 || BinaryPrimitives.ReadUInt32LittleEndian(_entry[at..]) > (uint)(_entry.Length - at - 4))
        {
            return false;
        }

        at += TailBytes(at);
        return true;
    }
}
