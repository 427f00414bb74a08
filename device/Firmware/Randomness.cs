using System;
using System.Buffers.Binary;
using Thimble.Boards;
using Thimble.Crypto;

namespace Thimble.Firmware;

/// <summary>
/// The device's random bit generator (SP 800-90A): seeded at the start with the secret of the device image, the boot
/// counter, and whatever the board's entropy hook gives, which is mixed in again before every use (RULES 24).
/// </summary>
internal static class Randomness
{
    private const int HookBytes = 48;

    /// <summary>Seeds the generator.</summary>
    public static bool Start(scoped in Device device)
    {
        Span<byte> nonce = device.Text[..(HookBytes + sizeof(uint))];
        Entropy.Fill(nonce[..HookBytes]);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce[HookBytes..], device.State.BootCounter);
        bool seeded = HmacDrbg.Instantiate(device.Generator, device.Image[ImagePart.Seed], nonce, device.Image[ImagePart.ClientId], device.Packet);
        nonce.Clear();
        return seeded;
    }

    /// <summary>Fills <paramref name="destination"/>, which lies neither in the packet nor in the text.</summary>
    public static bool Fill(scoped in Device device, Span<byte> destination)
    {
        Span<byte> fresh = device.Text[..HookBytes];
        Entropy.Fill(fresh);
        bool filled = HmacDrbg.Generate(device.Generator, destination, fresh, device.Packet);
        fresh.Clear();
        return filled;
    }
}
