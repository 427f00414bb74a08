using System;
using Thimble.Memory;
using Thimble.Net.Tests.Ip;
using Xunit;

namespace Thimble.Net.Tests.Services;

// Time servers that lie, and answers that come when nobody asked.
public partial class SntpTests
{
    private const uint UnixEpoch = 2_208_988_800;   // RFC 4330 §3 counts from 1900

    /// <summary>0 stands for an unknown time, so the first second of 1970 is before all times.</summary>
    [Theory]
    [InlineData(UnixEpoch - 1, false)]
    [InlineData(UnixEpoch, false)]
    [InlineData(UnixEpoch + 1, true)]
    public void TheTimeIsKnownOrItIsAFault(uint seconds, bool known)
    {
        _host.Receive(Reply(Ask(), seconds, 5));
        Assert.Equal(known ? QueryStatus.Done : QueryStatus.Failed, _host.Network.TimeStatus);
        Assert.Equal(known ? 1 : 0, _host.Network.UnixSeconds(_host.Now));
    }

    [Fact]
    public void AnAnswerIsTakenOnceAndNotAfterTheEnd()
    {
        byte[] query = Ask();
        _host.Receive(Reply(query, Year2026, 0));
        _host.Receive(Reply(query, Year2026 + 1000, 0));
        Assert.Equal(1_767_225_600, _host.Network.UnixSeconds(_host.Now));
        Assert.Equal(1, _host.Network.Counters.Unsolicited);
    }

    [Fact]
    public void AnAnswerBeforeTheQuestionWentOutIsNotTaken()
    {
        byte[] earlier = Ask();
        _host.Network.AskTime(_host.Now, Thimble.Net.Wire.Ipv4Address.Read(Packets.PeerAddress));
        _host.Receive(Reply(earlier, Year2026, 0));
        Assert.Equal(QueryStatus.InProgress, _host.Network.TimeStatus);
    }

    [Fact]
    public void TheLargestFractionIsNoWholeSecond()
    {
        _host.Receive(Reply(Ask(), Year2026, uint.MaxValue));
        Assert.Equal(1_767_225_600, _host.Network.UnixSeconds(_host.Now));
        Assert.Equal(1_767_225_601, _host.Network.UnixSeconds(_host.Now + 1));
    }

    /// <summary>Damaged answers with right checksums: what bears the nonce may say any time, and nothing else is taken.</summary>
    [Fact]
    public void DamagedAnswersAreTakenOnlyWithTheirNonce()
    {
        var random = new Random(11);
        byte[] query = Ask();
        int taken = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] message = Reply(query, Year2026, 0)[42..];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                message[random.Next(message.Length)] = (byte)random.Next(256);
            }

            int bytes = random.Next(5) == 0 ? random.Next(message.Length) : message.Length;
            bool mayCount = bytes == message.Length && message.AsSpan(24, 8).SequenceEqual(query.AsSpan(82, 8));
            _host.Receive(Packets.UdpFrame(123, Packets.ReadWord(query, 34), message[..bytes]));
            if (_host.Network.TimeStatus != QueryStatus.InProgress)
            {
                Assert.True(mayCount);
                taken++;
                _host.Network.AskTime(_host.Now, Thimble.Net.Wire.Ipv4Address.Read(Packets.PeerAddress));
                query = Assert.Single(_host.Poll());
            }
        }

        Assert.InRange(taken, 500, 2500);
    }
}
