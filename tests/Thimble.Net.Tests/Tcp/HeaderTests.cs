using System;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>Options, header lengths, and the reset for segments without a connection.</summary>
public class HeaderTests
{
    [Theory]
    [InlineData(new byte[] { 2, 4, 5, 0xB4 }, 1460)]
    [InlineData(new byte[] { 1, 1, 2, 4, 0, 100, 0, 0 }, 100)]
    [InlineData(new byte[] { 3, 3, 7, 2, 4, 0, 100, 0 }, 100)]
    [InlineData(new byte[] { 254, 2, 2, 4, 0, 100, 0, 0 }, 100)]
    [InlineData(new byte[] { 0, 2, 4, 0 }, 0)]
    [InlineData(new byte[] { 2, 4, 0, 99, 2, 4, 0, 100 }, 100)]
    [InlineData(new byte[] { }, 0)]
    public void The_segment_size_is_found_among_other_options(byte[] options, int expected)
    {
        Assert.True(TcpOptions.TryRead(options, out ushort found));
        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData(new byte[] { 3, 0, 1, 1 })]
    [InlineData(new byte[] { 3, 1, 1, 1 })]
    [InlineData(new byte[] { 3, 5, 1, 1 })]
    [InlineData(new byte[] { 1, 1, 1, 3 })]
    [InlineData(new byte[] { 2, 3, 1, 1 })]
    [InlineData(new byte[] { 2, 5, 1, 1, 1 })]
    [InlineData(new byte[] { 255, 255, 0, 0 })]
    public void A_malformed_option_is_refused(byte[] options) => Assert.False(TcpOptions.TryRead(options, out _));

    [Fact]
    public void Arbitrary_options_never_read_beyond_their_end() =>
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 8).Select(b => (byte)b)).ToArbitrary(), bytes =>
        {
            bool read = TcpOptions.TryRead(bytes, out ushort found);
            Assert.True(read || found >= 0);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(15)]
    public void A_header_length_beyond_the_segment_or_below_twenty_bytes_is_refused(int words)
    {
        byte[] segment = Probe(TcpControl.Ack, 3).Encode(Segment.PeerAddress, Segment.ClientAddress);
        segment[12] = (byte)(words << 4);
        int delta = (words - 5) << 12;
        int checksum = ((segment[16] << 8) | segment[17]) - delta;
        checksum = (checksum & 0xFFFF) + (checksum >> 16);
        (segment[16], segment[17]) = ((byte)(checksum >> 8), (byte)checksum);

        Assert.False(TcpSegment.TryRead(new Ipv4Address(Segment.PeerAddress), new Ipv4Address(Segment.ClientAddress), segment, out _));
    }

    [Fact]
    public void A_reset_answers_an_acknowledgement_at_its_number()
    {
        Segment reset = Reset(Probe(TcpControl.Ack, 3));

        Assert.Equal((TcpControl.Rst, 2000u, 0u), (reset.Flags, reset.Sequence, reset.Acknowledgement));
        Assert.Equal((Client.Port, Client.PeerPort), (reset.From, reset.To));
    }

    [Fact]
    public void A_reset_acknowledges_a_segment_that_acknowledges_nothing()
    {
        Segment reset = Reset(Probe(TcpControl.Syn | TcpControl.Fin, 3));

        Assert.Equal((TcpControl.Rst | TcpControl.Ack, 0u, 1005u), (reset.Flags, reset.Sequence, reset.Acknowledgement));
    }

    [Fact]
    public void A_reset_is_never_answered()
    {
        byte[] segment = Probe(TcpControl.Rst | TcpControl.Ack, 0).Encode(Segment.PeerAddress, Segment.ClientAddress);

        Assert.False(TcpReset.TryMake(new Ipv4Address(Segment.PeerAddress), new Ipv4Address(Segment.ClientAddress), segment, out _));
    }

    private static Segment Probe(TcpControl flags, int text) =>
        new(Client.PeerPort, Client.Port, 1000, 2000, flags, 500, new byte[text], []);

    private static Segment Reset(Segment segment)
    {
        byte[] bytes = segment.Encode(Segment.PeerAddress, Segment.ClientAddress);
        Assert.True(TcpReset.TryMake(new Ipv4Address(Segment.PeerAddress), new Ipv4Address(Segment.ClientAddress), bytes, out int length));
        return Segment.Decode(Segment.ClientAddress, Segment.PeerAddress, bytes.AsSpan(0, length)) ?? throw new InvalidOperationException("The reset is malformed.");
    }
}
