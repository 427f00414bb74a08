using System;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Thimble.Cli.Device;
using Thimble.Firmware;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Device;

/// <summary>The host's writer of device images against the firmware's reader.</summary>
public sealed class DeviceImageTests
{
    private static readonly DeviceSettings Settings = new()
    {
        BrokerName = "broker.example",
        BrokerPort = 8883,
        NameServer = new IPEndPoint(new IPAddress([10, 0, 2, 2]), 5353),
        TimeServer = new IPEndPoint(new IPAddress([192, 0, 2, 7]), 123),
        ReadingInterval = TimeSpan.FromSeconds(7),
        KeepAlive = TimeSpan.FromSeconds(42),
    };

    private static readonly byte[] Seed = RandomNumberGenerator.GetBytes(32);

    private static byte[] Image => DeviceImageWriter.Write(Settings, DeviceProfile.For(TlsVersions.Tls12), "the rom image"u8, Seed);

    [Fact]
    public void The_device_reads_what_the_host_wrote()
    {
        Assert.True(DeviceImage.TryOpen(Image, Scratch, out DeviceImage image));
        Assert.Equal((8883, 42, 7000u, 0x0A000202u, 5353, 0xC0000207u, 123), (image.Settings.BrokerPort, image.Settings.KeepAliveSeconds, image.Settings.ReadingMilliseconds, image.Settings.NameServer, image.Settings.NameServerPort, image.Settings.TimeServer, image.Settings.TimePort));
        Assert.Equal(Settings.MacAddress, image.MacAddress);
        Assert.Equal("broker.example", Encoding.UTF8.GetString(image[ImagePart.BrokerName]));
        Assert.Equal(Settings.CommandTopic, Encoding.UTF8.GetString(image[ImagePart.CommandTopic]));
        Assert.Equal(Seed, image[ImagePart.Seed].ToArray());
        Assert.Equal(DeviceProfile.For(TlsVersions.Tls12).Digest, image.Profile.Digest);
    }

    [Fact]
    public void The_plan_is_the_one_that_the_plan_command_shows()
    {
        Assert.True(DeviceImage.TryOpen(Image, Scratch, out DeviceImage image));
        Profile shown = Profiles.Rsa2048.Profile with { Versions = TlsVersions.Tls12, ClientEcdsaBits = 256 };
        Assert.InRange(image.Settings.PlannedBytes - (uint)MemoryPlan.For(shown, 32).TotalBytes, 0u, 8u); // the entry of MqttRollback in the table
    }

    [Fact]
    public void Every_fault_has_its_name()
    {
        Assert.True(DeviceImage.TryOpen(Image, Scratch, out DeviceImage image));
        foreach (FaultReason reason in Enum.GetValues<FaultReason>())
        {
            Assert.Equal(reason.ToString(), Encoding.ASCII.GetString(image.NameOf(reason)));
        }

        Assert.True(image.NameOf((FaultReason)60_000).IsEmpty);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_refused()
    {
        byte[] image = Image;
        for (int bit = 0; bit < image.Length * 8; bit += 7)
        {
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.False(DeviceImage.TryOpen(image, Scratch, out _));
            image[bit >> 3] ^= (byte)(1 << (bit & 7));
        }

        Assert.True(DeviceImage.TryOpen(image, Scratch, out _));
    }

    [Fact]
    public void An_image_that_ends_early_is_refused()
    {
        byte[] image = Image;
        for (int length = 0; length < image.Length; length++)
        {
            Assert.False(DeviceImage.TryOpen(image.AsSpan(0, length), Scratch, out _));
        }
    }

    /// <summary>The digest is no defence against its maker: bounds are checked whatever it says.</summary>
    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData(0xFFFF_FFF8u)]
    public void A_part_outside_the_image_is_refused(uint offset)
    {
        for (int part = 0; part < DeviceImageHeader.PartCount; part++)
        {
            byte[] image = Image;
            int end = image.Length - DeviceImageHeader.DigestBytes;
            BitConverter.TryWriteBytes(image.AsSpan(DeviceImageHeader.Bytes + (part * 8)), offset);
            SHA256.HashData(image.AsSpan(0, end)).CopyTo(image, end);
            Assert.False(DeviceImage.TryOpen(image, Scratch, out _));
        }
    }

    [Fact]
    public void A_name_that_does_not_fit_the_firmware_is_refused_on_the_host()
    {
        DeviceSettings tooLong = Settings with { ClientId = new string('x', 65) };
        Assert.Throws<ArgumentException>(() => DeviceImageWriter.Write(tooLong, DeviceProfile.For(TlsVersions.Tls12), "rom"u8, Seed));
    }

    private static byte[] Scratch => new byte[DeviceImage.OpenScratchBytes];
}
