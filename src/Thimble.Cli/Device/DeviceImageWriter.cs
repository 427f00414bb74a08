using System;
using System.IO;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Thimble.Firmware;
using Thimble.Memory;

namespace Thimble.Cli.Device;

/// <summary>Lays out a device image: settings, credentials, the memory plan and the names of faults, as <see cref="DeviceImage"/> reads them.</summary>
internal static class DeviceImageWriter
{
    /// <summary>The longest name or topic; the firmware's packet buffer is made for two of them.</summary>
    public const int MaxNameBytes = 64;

    /// <summary>The longest pause that the firmware's jitter can be computed for.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(120);

    /// <summary>Makes the image. It holds a private key and the device's seed: treat it as a secret.</summary>
    /// <exception cref="ArgumentException">A setting does not fit the firmware; the message says which.</exception>
    public static byte[] Write(DeviceSettings settings, in Profile profile, ReadOnlySpan<byte> romImage, ReadOnlySpan<byte> seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seed.Length, DeviceImage.MinSeedBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.LongestPause, s_longestPause);
        MemoryPlan plan = MemoryPlan.For(profile, DeviceProfile.WordBits);
        byte[][] parts = new byte[DeviceImageHeader.PartCount][];
        parts[(int)ImagePart.Rom] = romImage.ToArray();
        parts[(int)ImagePart.Profile] = Bytes(profile);
        parts[(int)ImagePart.Plan] = Baked(plan);
        parts[(int)ImagePart.FaultNames] = FaultNames();
        parts[(int)ImagePart.Seed] = seed.ToArray();
        parts[(int)ImagePart.BrokerName] = Name(settings.BrokerName);
        parts[(int)ImagePart.ClientId] = Name(settings.ClientId);
        parts[(int)ImagePart.CommandTopic] = Name(settings.CommandTopic);
        parts[(int)ImagePart.ReadingTopic] = Name(settings.ReadingTopic);
        parts[(int)ImagePart.ReplyTopic] = Name(settings.ReplyTopic);
        return Join(Header(settings, plan), parts);
    }

    /// <summary>u16 code, u8 length, name; for every fault that there is.</summary>
    private static byte[] FaultNames()
    {
        using var table = new MemoryStream();
        foreach (FaultReason reason in Enum.GetValues<FaultReason>())
        {
            byte[] name = Encoding.ASCII.GetBytes(reason.ToString());
            table.Write([(byte)reason, (byte)((int)reason >> 8), (byte)name.Length, .. name]);
        }

        return table.ToArray();
    }

    private static byte[] Baked(in MemoryPlan plan)
    {
        byte[] baked = new byte[MemoryPlan.MaxBakedBytes];
        return plan.TryWrite(baked, out int written) ? baked[..written] : throw new InvalidOperationException("The plan does not fit its place.");
    }

    private static byte[] Name(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return bytes.Length <= MaxNameBytes ? bytes : throw new ArgumentException($"'{name}' takes {bytes.Length} bytes; the firmware's limit is {MaxNameBytes}.", nameof(name));
    }

    private static byte[] Bytes<T>(in T value)
        where T : struct => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    private static DeviceImageHeader Header(DeviceSettings settings, in MemoryPlan plan) => new()
    {
        Magic = DeviceImageHeader.ExpectedMagic,
        Version = DeviceImageHeader.ExpectedVersion,
        BrokerPort = checked((ushort)settings.BrokerPort),
        TimePort = checked((ushort)(settings.TimeServer?.Port ?? 0)),
        NameServerPort = checked((ushort)(settings.NameServer?.Port ?? 0)),
        KeepAliveSeconds = checked((ushort)settings.KeepAlive.TotalSeconds),
        PrefixLength = checked((ushort)settings.PrefixLength),
        MacHigh = (uint)(settings.MacAddress >> 32),
        MacLow = (uint)settings.MacAddress,
        Address = Number(settings.Address),
        Gateway = Number(settings.Gateway),
        NameServer = Number(settings.NameServer?.Address),
        TimeServer = Number(settings.TimeServer?.Address),
        FixedUnixSeconds = checked((uint)(settings.FixedTime?.ToUnixTimeSeconds() ?? 0)),
        ReadingMilliseconds = Milliseconds(settings.ReadingInterval),
        FirstPauseMilliseconds = Milliseconds(settings.FirstPause),
        LongestPauseMilliseconds = Milliseconds(settings.LongestPause),
        PatienceMilliseconds = Milliseconds(settings.Patience),
        PlannedBytes = (uint)plan.TotalBytes,
    };

    private static uint Milliseconds(TimeSpan time) => checked((uint)time.TotalMilliseconds);

    private static uint Number(IPAddress? address)
    {
        byte[] bytes = address?.GetAddressBytes() ?? [0, 0, 0, 0];
        return ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
    }

    private static byte[] Join(DeviceImageHeader header, byte[][] parts)
    {
        int end = DeviceImageHeader.PartsOffset;
        var sections = new ImageSection[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            sections[i] = new ImageSection { Offset = (uint)end, Bytes = (uint)parts[i].Length };
            end += Padded(parts[i].Length);
        }

        byte[] image = new byte[end + DeviceImageHeader.DigestBytes];
        header.TotalBytes = (uint)image.Length;
        MemoryMarshal.Write(image, in header);
        MemoryMarshal.AsBytes<ImageSection>(sections).CopyTo(image.AsSpan(DeviceImageHeader.Bytes));
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i].CopyTo(image, (int)sections[i].Offset);
            CryptographicOperations.ZeroMemory(parts[i]);
        }

        SHA256.HashData(image.AsSpan(0, end)).CopyTo(image, end);
        return image;
    }

    private static int Padded(int bytes) => (bytes + 7) & ~7;
}
