using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.X509;

/// <summary>
/// A view of trust anchors, pins, a client's certificate chain and its private key as <c>bake</c> laid them out: version 1,
/// all integers little-endian, all sections at multiples of 8. Pins stand at 72, 32 bytes each; readers that do not know of them
/// take their number for a part of the version, and refuse it.
/// <code>
///  0 u32 'TROM'        12 u32 anchorsOffset   24 u32 keyOffset, 0 none   40 u8[32] SHA-256 of the image,
///  4 u8 version 1      16 u32 chainOffset     28 u32 keyBytes                      these 32 bytes as zeros
///  5 u8 pinCount       20 u32 chainBytes      32 i64 bakedAt             72 pins, then sections
///  6 u16 anchorCount
///  8 u32 totalBytes
/// </code>
/// </summary>
public readonly ref struct RomImage
{
    /// <summary>The first four bytes.</summary>
    public const uint Magic = 0x4D4F5254;

    /// <summary>The only version.</summary>
    public const int Version = 1;

    /// <summary>The bytes before the first section.</summary>
    public const int HeaderBytes = 72;

    /// <summary>Where the digest lies.</summary>
    public const int DigestOffset = 40;

    /// <summary>The scratch that <see cref="TryOpen"/> needs, in bytes: a running SHA-256 and its digest.</summary>
    public const int OpenScratchBytes = Sha256.StateBytes + NameHash.Bytes;

    /// <summary>A pin: the SHA-256 of a SubjectPublicKeyInfo in DER (RFC 7469 §2.4).</summary>
    public const int PinBytes = NameHash.Bytes;

    /// <summary>The most pins that an image holds.</summary>
    public const int MaxPins = byte.MaxValue;

    /// <summary>Where the number of pins stands, in one byte.</summary>
    public const int PinCountOffset = 5;

    private const int BakedAtOffset = 32;

    private readonly ReadOnlySpan<byte> _image;

    private RomImage(ReadOnlySpan<byte> image) => _image = image;

    /// <summary>How many trust anchors there are.</summary>
    public int AnchorCount => _image.IsEmpty ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(_image[6..]);

    /// <summary>How many pins there are. With anchors they narrow those; without, they are what is trusted.</summary>
    public int PinCount => !Features.PinnedKeys || _image.IsEmpty ? 0 : _image[PinCountOffset];

    /// <summary>The pins, one behind the other.</summary>
    public ReadOnlySpan<byte> Pins => _image.IsEmpty ? default : _image.Slice(HeaderBytes, PinCount * PinBytes);

    /// <summary>Whether a server's chain could lead to anything here.</summary>
    public bool HasTrust => AnchorCount != 0 || PinCount != 0;

    /// <summary>The first anchor; meaningful where <see cref="AnchorCount"/> is not 0.</summary>
    public TrustAnchor FirstAnchor => AnchorAt(FirstAnchorOffset);

    /// <summary>The body of the Certificate message that the client sends (RFC 5246 §7.4.6), or empty.</summary>
    public ReadOnlySpan<byte> ClientChain => Section(16);

    /// <summary>
    /// The client's private key, or empty: <c>u8 kind, u8 elsewhere, u16 bits, u32 exponent</c>, then for EC the scalar and
    /// X || Y, big-endian, for Ed25519 seed and public key, or for RSA n, p, q, dP, dQ and qInv, little-endian, each padded to a
    /// multiple of 8. Secret. Where elsewhere is 1 and not 0 only the public part follows, X || Y, the public key or n; readers that do
    /// not know of such keys refuse the length.
    /// </summary>
    public ReadOnlySpan<byte> ClientKey => Section(24);

    /// <summary>When the image was made, in seconds since 1970: no honest clock is earlier.</summary>
    public long BakedAtUnixSeconds => _image.IsEmpty ? 0 : BinaryPrimitives.ReadInt64LittleEndian(_image[BakedAtOffset..]);

    /// <summary>
    /// Checks an image whole: alignment, magic, version, every bound and the digest, so that nothing later reads outside.
    /// <paramref name="scratch"/> has <see cref="OpenScratchBytes"/> and begins at a multiple of 8. Work grows with the image.
    /// Leaks: the key's kind and size.
    /// </summary>
    public static bool TryOpen(ReadOnlySpan<byte> image, Span<byte> scratch, out RomImage rom, ref Fault fault)
    {
        rom = default;
        if (!HasShape(image) || !HasDigest(image, scratch))
        {
            fault.Reason = FaultReason.RomImageInvalid;
            fault.Depth = Fault.NoDepth;
            return false;
        }

        rom = new RomImage(image);
        return true;
    }

    /// <summary>A view of an image that <see cref="TryOpen"/> accepted before and that cannot have changed since.</summary>
    public static RomImage FromChecked(ReadOnlySpan<byte> image) => new(image);

    /// <summary>Walks over the anchors.</summary>
    public Anchors GetAnchors() => new(this);

    /// <summary>A walk over the anchors of an image.</summary>
    public ref struct Anchors
    {
        private readonly RomImage _rom;
        private int _left;
        private uint _offset;

        internal Anchors(RomImage rom)
        {
            _rom = rom;
            _left = rom.AnchorCount;
        }

        /// <summary>The present anchor, after <see cref="MoveNext"/> answered <c>true</c>.</summary>
        public readonly TrustAnchor Current => _rom.AnchorAt(_offset);

        /// <summary>Goes to the first or next anchor; <c>false</c> where there is none.</summary>
        public bool MoveNext()
        {
            if (_left == 0)
            {
                return false;
            }

            _offset = _offset == 0 ? _rom.FirstAnchorOffset : _offset + Current.EntryBytes;
            _left--;
            return true;
        }
    }

    /// <summary>What the image is, whenever it was made: the layout, and in <see cref="Sections"/> the anchors, the chain and the key.</summary>
    internal ReadOnlySpan<byte> Layout => _image.IsEmpty ? default : _image.Slice(0, BakedAtOffset);

    /// <summary>All that follows the header. It holds the private key.</summary>
    internal ReadOnlySpan<byte> Sections => _image.IsEmpty ? default : _image.Slice(HeaderBytes);

    /// <summary>Whether one of the pins is that hash. Bounded by their number. Leaks everything: pins are public.</summary>
    internal bool HasPin(ReadOnlySpan<byte> hash)
    {
        ReadOnlySpan<byte> pins = Pins;
        for (int at = 0; at < pins.Length; at += PinBytes)
        {
            if (CryptographicOperations.FixedTimeEquals(pins.Slice(at, PinBytes), hash))
            {
                return true;
            }
        }

        return false;
    }

    internal uint FirstAnchorOffset => Offset(12);

    internal TrustAnchor AnchorAt(uint offset) => new(_image[(int)offset..]);

    private uint Offset(int field) => BinaryPrimitives.ReadUInt32LittleEndian(_image[field..]);

    private ReadOnlySpan<byte> Section(int field) =>
        _image.IsEmpty || Offset(field) == 0 ? default : _image.Slice((int)Offset(field), (int)Offset(field + 4));

    private static bool HasShape(ReadOnlySpan<byte> image)
    {
        if (image.Length < HeaderBytes || !IsAligned(image)
            || BinaryPrimitives.ReadUInt32LittleEndian(image) != Magic
            || (Features.PinnedKeys ? image[4] : BinaryPrimitives.ReadUInt16LittleEndian(image[4..])) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(image[8..]) != (uint)image.Length)
        {
            return false;
        }

        var rom = new RomImage(image);
        return rom.PinsFit() && rom.SectionFits(16) && rom.SectionFits(24) && rom.AnchorsFit() && PrivateKey.HasShape(rom.ClientKey);
    }

    private static bool IsAligned(ReadOnlySpan<byte> image) =>
        (Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref MemoryMarshal.GetReference(image)) & 7) == 0;

    private bool SectionFits(int field)
    {
        uint offset = Offset(field), bytes = Offset(field + 4);
        return offset == 0 ? bytes == 0 : bytes != 0 && StartsInside(offset) && bytes <= (uint)_image.Length - offset;
    }

    private bool StartsInside(uint offset) => (offset & 7) == 0 && offset >= HeaderBytes && offset < (uint)_image.Length;

    private bool PinsFit() => PinCount * PinBytes <= _image.Length - HeaderBytes;

    private bool AnchorsFit()
    {
        uint offset = Offset(12);
        for (int i = 0; i < AnchorCount; i++)
        {
            if (!StartsInside(offset) || !TrustAnchor.Fits(_image[(int)offset..]))
            {
                return false;
            }

            offset += AnchorAt(offset).EntryBytes;
        }

        return true;
    }

    private static bool HasDigest(ReadOnlySpan<byte> image, Span<byte> scratch)
    {
        int stateBytes = Hash.StateBytes(HashAlgorithm.Sha256);
        Span<byte> state = scratch[..stateBytes];
        Span<byte> digest = scratch.Slice(stateBytes, NameHash.Bytes);
        digest.Clear();
        Hash.Initialize(HashAlgorithm.Sha256, state);
        Hash.Update(HashAlgorithm.Sha256, state, image[..DigestOffset]);
        Hash.Update(HashAlgorithm.Sha256, state, digest);
        Hash.Update(HashAlgorithm.Sha256, state, image[HeaderBytes..]);
        Hash.Finish(HashAlgorithm.Sha256, state, digest);
        return CryptographicOperations.FixedTimeEquals(digest, image.Slice(DigestOffset, NameHash.Bytes));
    }
}
