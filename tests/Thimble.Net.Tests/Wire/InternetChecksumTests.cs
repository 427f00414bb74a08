using System;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Net.Tests.Ip;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Wire;

public class InternetChecksumTests
{
    /// <summary>RFC 1071 §3: the sum of 00 01 f2 03 f4 f5 f6 f7 is ddf2.</summary>
    [Fact]
    public void TheExampleOfTheRfc()
    {
        byte[] data = [0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7];
        Assert.Equal(0xFFFF - 0xDDF2, InternetChecksum.Of(data));
    }

    /// <summary>RFC 1624 §4: a word changes from 5555 to 3285 beneath the checksum dd2f, which becomes 0000.</summary>
    [Fact]
    public void AnUpdateThatGivesZero() => Assert.Equal(0x0000, InternetChecksum.Update(0xDD2F, 0x5555, 0x3285));

    [Fact]
    public void EqualsTheDefinitionInAnyThreeRunsAtAnyAlignment() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(byte[] Data, byte First, byte Second, byte Shift)>(),
        input =>
        {
            byte[] shifted = [.. new byte[input.Shift % 8], .. input.Data];
            ReadOnlySpan<byte> data = shifted.AsSpan(input.Shift % 8);
            int first = input.First % (data.Length + 1);
            int second = first + (input.Second % (data.Length - first + 1));
            InternetChecksum checksum = default;
            checksum.Add(data[..first]);
            checksum.Add(data[first..second]);
            checksum.Add(data[second..]);
            return checksum.Value == Packets.Checksum(input.Data) && InternetChecksum.Of(data) == checksum.Value;
        }));

    [Fact]
    public void LongDataOfOnesOverflowsNothing()
    {
        byte[] ones = [.. Enumerable.Repeat((byte)0xFF, 65_535)];
        Assert.Equal(Packets.Checksum(ones), InternetChecksum.Of(ones));
    }

    [Fact]
    public void EveryWrongBitIsSeen()
    {
        byte[] packet = Packets.Ip(17, Packets.PeerAddress, Packets.OwnAddress, [])[..20];
        Assert.True(InternetChecksum.Verify(packet));
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(InternetChecksum.Verify(packet));
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
