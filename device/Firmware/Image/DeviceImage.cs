using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Firmware;

/// <summary>A view of a device image in flash whose bounds and digest were checked once.</summary>
internal readonly ref struct DeviceImage
{
    /// <summary>The scratch that <see cref="TryOpen"/> needs, in bytes: a running SHA-256 and its digest.</summary>
    public const int OpenScratchBytes = HmacDrbg.ScratchBytes;

    /// <summary>The least seed.</summary>
    public const int MinSeedBytes = 32;

    private readonly ReadOnlySpan<byte> _image;

    private DeviceImage(ReadOnlySpan<byte> image) => _image = image;

    /// <summary>The settings.</summary>
    public ref readonly DeviceImageHeader Settings => ref MemoryMarshal.AsRef<DeviceImageHeader>(_image);

    /// <summary>The limits of the connection.</summary>
    public ref readonly Profile Profile => ref MemoryMarshal.AsRef<Profile>(this[ImagePart.Profile]);

    /// <summary>The MAC address, whose first byte on the wire is the highest of the low 48 bits.</summary>
    public ulong MacAddress => ((ulong)Settings.MacHigh << 32) | Settings.MacLow;

    /// <summary>A part; may be empty.</summary>
    public ReadOnlySpan<byte> this[ImagePart part]
    {
        get
        {
            ref readonly ImageSection section = ref SectionAt(_image, (int)part);
            return _image.Slice((int)section.Offset, (int)section.Bytes);
        }
    }

    /// <summary>
    /// Checks an image whole, so that nothing later reads outside: magic, version, length, every bound, the digest, and the parts
    /// without which no device works. <paramref name="scratch"/> has <see cref="OpenScratchBytes"/> at a multiple of 8.
    /// </summary>
    public static bool TryOpen(ReadOnlySpan<byte> image, Span<byte> scratch, out DeviceImage opened)
    {
        opened = default;
        if (!HasShape(image) || !HasDigest(image, scratch))
        {
            return false;
        }

        var candidate = new DeviceImage(image);
        if (candidate[ImagePart.Profile].Length < Unsafe.SizeOf<Profile>() || candidate[ImagePart.Seed].Length < MinSeedBytes)
        {
            return false;
        }

        opened = candidate;
        return true;
    }

    /// <summary>The name of a fault, or nothing where the image has none for it. Work grows with the table.</summary>
    public ReadOnlySpan<byte> NameOf(FaultReason reason)
    {
        ReadOnlySpan<byte> table = this[ImagePart.FaultNames];
        while (table.Length >= 3 && table[2] <= table.Length - 3)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(table) == (ushort)reason)
            {
                return table.Slice(3, table[2]);
            }

            table = table[(3 + table[2])..];
        }

        return default;
    }

    private static ref readonly ImageSection SectionAt(ReadOnlySpan<byte> image, int part) =>
        ref MemoryMarshal.AsRef<ImageSection>(image[(DeviceImageHeader.Bytes + (part * 8))..]);

    private static bool HasShape(ReadOnlySpan<byte> image)
    {
        if (image.Length < DeviceImageHeader.PartsOffset + DeviceImageHeader.DigestBytes)
        {
            return false;
        }

        ref readonly DeviceImageHeader header = ref MemoryMarshal.AsRef<DeviceImageHeader>(image);
        return header.Magic == DeviceImageHeader.ExpectedMagic && header.Version == DeviceImageHeader.ExpectedVersion
            && header.TotalBytes == (uint)image.Length && PartsFit(image);
    }

    private static bool PartsFit(ReadOnlySpan<byte> image)
    {
        uint end = (uint)image.Length - DeviceImageHeader.DigestBytes;
        for (int part = 0; part < DeviceImageHeader.PartCount; part++)
        {
            ref readonly ImageSection section = ref SectionAt(image, part);
            if ((section.Offset & 7) != 0 || section.Offset < DeviceImageHeader.PartsOffset || section.Offset > end || section.Bytes > end - section.Offset)
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasDigest(ReadOnlySpan<byte> image, Span<byte> scratch)
    {
        int end = image.Length - DeviceImageHeader.DigestBytes;
        Span<byte> state = scratch[..Hash.StateBytes(HashAlgorithm.Sha256)];
        Span<byte> digest = scratch.Slice(state.Length, Hash.DigestBytes(HashAlgorithm.Sha256));
        Hash.Initialize(HashAlgorithm.Sha256, state);
        Hash.Update(HashAlgorithm.Sha256, state, image[..end]);
        Hash.Finish(HashAlgorithm.Sha256, state, digest);
        return digest.SequenceEqual(image[end..]);
    }
}
