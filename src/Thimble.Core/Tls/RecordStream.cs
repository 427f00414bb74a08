using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Crypto;

namespace Thimble.Tls;

/// <summary>What must be remembered of a record that passes in pieces. It stands behind the window, in the same region.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct RecordStream
{
    /// <summary>The size of this.</summary>
    public const int Bytes = 64;

    /// <summary>The least window: a block, and behind the last one the longest tag.</summary>
    private const int MinWindowBytes = AeadPieces.BlockBytes + Aead.TagBytes;

    /// <summary>The sum of the authenticator over what came.</summary>
    public AuthenticatorSum Sum;

    /// <summary>The part of the nonce that came with the record (RFC 5288 §3).</summary>
    public NonceBytes ExplicitNonce;

    /// <summary>How many bytes are encrypted, and how many of them were opened.</summary>
    public ushort Total;
    public ushort Opened;

    /// <summary>The last byte that is not zero, which may be the type of TLS 1.3 and is not content yet, and the zeros behind it.</summary>
    public byte Last;
    public byte Released;
    public ushort Zeros;
    public ushort ReleasedZeros;

    /// <summary>What the record begins with: all of it, if it is an alert.</summary>
    public byte First;
    public byte Second;

    /// <summary><see cref="ConnectionState.IdleEvents"/> before the record.</summary>
    public byte IdleEvents;

    public StreamFacts Facts;

    /// <summary>The size of the region for a window of so many bytes.</summary>
    public static int RegionBytes(int windowBytes) => ((int.Max(windowBytes, MinWindowBytes) + 7) & -8) + Bytes;

    [InlineArray(AeadPieces.SumBytes)]
    internal struct AuthenticatorSum
    {
        private byte _element0;
    }

    [InlineArray(8)]
    internal struct NonceBytes
    {
        private byte _element0;
    }
}
