using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tests.Ip;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Services;

/// <summary>A scripted time server against RFC 4330.</summary>
public class SntpTests
{
    private const uint Year2026 = 3_976_214_400;   // 2026-01-01T00:00Z in seconds since 1900

    private readonly TestHost _host = new(uint.MaxValue - 100);

    [Fact]
    public void HalfTheRoundTripIsAdded()
    {
        byte[] query = Ask();
        Assert.Equal(0x23, query[42]);
        Assert.Equal(new byte[39], query[43..82]);
        _host.Now += 3000;
        _host.Receive(Reply(query, Year2026, 0x8000_0000));   // and a half; 1.5 s on its way
        Assert.Equal(QueryStatus.Done, _host.Network.TimeStatus);
        Assert.Equal(1_767_225_602, _host.Network.UnixSeconds(_host.Now));
        Assert.Equal(1_767_225_602, _host.Network.UnixSeconds(_host.Now + 999));
        Assert.Equal(1_767_225_603, _host.Network.UnixSeconds(_host.Now + 1000));
    }

    [Fact]
    public void TheClockMayComeRoundManyTimes()
    {
        _host.Receive(Reply(Ask(), Year2026, 0));
        long elapsed = 0;
        for (int i = 0; i < 20; i++)
        {
            uint wait = _host.Network.PollAt(_host.Now);
            Assert.InRange(wait, 1u, 1u << 30);
            elapsed += wait;
            Assert.Empty(_host.Wait());
        }

        Assert.Equal(1_767_225_600 + (elapsed / 1000), _host.Network.UnixSeconds(_host.Now));
    }

    /// <summary>RFC 4330 §3: after 2036-02-07T06:28:16Z the count begins again.</summary>
    [Theory]
    [InlineData(0xFFFF_FFFF, 2_085_978_495)]
    [InlineData(0x0000_0010, 2_085_978_512)]
    public void TheSecondEraFollowsTheFirst(uint seconds, long unix)
    {
        _host.Receive(Reply(Ask(), seconds, 1));
        Assert.Equal(unix, _host.Network.UnixSeconds(_host.Now));
    }

    [Theory]
    [InlineData(0, 0x24, 0)]     // kiss-o'-death
    [InlineData(0, 0xE4, 2)]     // leap alarm
    [InlineData(0, 0x24, 16)]    // not synchronised
    [InlineData(1, 0x24, 2)]     // no time set
    [InlineData(2, 0x24, 2)]     // before 1970
    public void AServerThatDoesNotKnowTheTimeIsAFault(int clock, byte first, byte stratum)
    {
        uint seconds = clock switch { 1 => 0, 2 => 0x8000_0000, _ => Year2026 };
        _host.Receive(Reply(Ask(), seconds, 0, first, stratum));
        Assert.Equal((FaultReason.TimeServerUnfit, (uint)stratum), (_host.Network.Fault.Reason, _host.Network.Fault.Actual));
        Assert.Equal(0, _host.Network.UnixSeconds(_host.Now));
    }

    [Fact]
    public void WithoutOurNonceOrFromElsewhereNothingIsTaken()
    {
        byte[] query = Ask();
        byte[] good = Reply(query, Year2026, 0);
        int port = Packets.ReadWord(query, 34);
        for (int bit = 24 * 8; bit < 32 * 8; bit++)
        {
            byte[] bad = good[42..];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            _host.Receive(Packets.UdpFrame(123, port, bad));
        }

        _host.Receive(Packets.UdpFrame(124, port, good[42..]));
        _host.Receive(Packets.UdpFrame(123, port, good[42..89]));
        _host.Receive(Packets.UdpFrame(123, port, [0x23, .. good[43..]]));   // a client's mode
        good[40] = good[41] = 0;                                             // no checksum
        _host.Receive(good);
        Assert.Equal(QueryStatus.InProgress, _host.Network.TimeStatus);
        Assert.Equal(68, _host.Network.Counters.Unsolicited);
    }

    [Fact]
    public void TheAnswerToAnEarlierQuestionIsStale()
    {
        byte[] first = Ask();
        byte[] second = Assert.Single(_host.Wait());
        _host.Receive(Reply(first, Year2026, 0));
        Assert.Equal(QueryStatus.InProgress, _host.Network.TimeStatus);
        _host.Receive(Reply(second, Year2026, 0));
        Assert.Equal(QueryStatus.Done, _host.Network.TimeStatus);
    }

    [Fact]
    public void SilenceIsAskedThreeTimesAndThenAFault()
    {
        Ask();
        Assert.Equal([2000u, 4000u], Enumerable.Range(0, 2).Select(_ =>
        {
            uint wait = _host.Network.PollAt(_host.Now);
            Assert.Single(_host.Wait());
            return wait;
        }));
        Assert.Empty(_host.Wait());
        Assert.Equal((FaultReason.TimeNoAnswer, 14_000u), (_host.Network.Fault.Reason, _host.Network.Fault.Actual));
    }

    private byte[] Ask()
    {
        _host.Network.AskTime(_host.Now, Ipv4Address.Read(Packets.PeerAddress));
        _host.LearnPeer();
        return Assert.Single(_host.Poll());
    }

    private static byte[] Reply(byte[] query, uint seconds, uint fraction, byte first = 0x24, byte stratum = 2) => Packets.UdpFrame(
        123, Packets.ReadWord(query, 34), [first, stratum, 6, 0xEC, .. new byte[20], .. query[82..90], .. new byte[8], .. Packets.Number(seconds), .. Packets.Number(fraction)]);
}
