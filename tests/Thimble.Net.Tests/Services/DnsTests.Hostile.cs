using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tests.Ip;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Services;

// Name servers that lie, and those that want to keep us busy.
public partial class DnsTests
{
    /// <summary>What a guesser must hit is drawn anew for each try, and the answer to an earlier one is stale.</summary>
    [Fact]
    public void TheAnswerToAnEarlierTryIsNotTaken()
    {
        byte[] first = Ask("a.example");
        byte[] second = Assert.Single(_host.Wait());
        _host.Receive(Reply(first, 0x8180, 1, Record(Owner, 1, Answer1)));
        Assert.Equal(QueryStatus.InProgress, _host.Network.ResolveStatus);
        _host.Receive(Reply(second, 0x8180, 1, Record(Owner, 1, Answer1)));
        AssertResolved(Answer1);
    }

    [Fact]
    public void NothingIsTakenBeforeTheQuestionWasAskedOrAfterItWasAnswered()
    {
        byte[] query = Ask("a.example");
        _host.Receive(Reply(query, 0x8180, 1, Record(Owner, 1, Answer1)));
        _host.Receive(Reply(query, 0x8180, 1, Record(Owner, 1, [198, 51, 100, 8])));
        AssertResolved(Answer1);
        _host.Network.Resolve(_host.Now, "a.example"u8);
        _host.Receive(Reply(query, 0x8180, 1, Record(Owner, 1, Answer1)));
        _host.Receive(Packets.UdpFrame(53, 0, [0, 0, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, .. query[54..], .. Record(Owner, 1, Answer1)]));
        Assert.Equal(QueryStatus.InProgress, _host.Network.ResolveStatus);
    }

    /// <summary>
    /// A name whose labels lie behind long chains of pointers costs a comparison a thousand steps for each label, and there is
    /// room for a hundred records: without a bound one datagram keeps a small machine busy for seconds.
    /// </summary>
    [Fact]
    public void ANameBehindManyPointersIsNotFollowed()
    {
        foreach (int pointers in (int[])[1, 2, 8, 9, 200])
        {
            byte[] query = Ask("a.example");
            int at = query.Length - 42;   // where the first record begins
            byte[] owner = Chain(at, pointers, out byte[] chain);
            _host.Receive(Reply(query, 0x8180, 2, [.. chain, .. Record(owner, 1, Answer1)]));
            Assert.Equal(pointers <= 8 ? QueryStatus.Done : QueryStatus.Failed, _host.Network.ResolveStatus);
        }
    }

    [Fact]
    public void ANameInTheHeaderIsNotFollowed()
    {
        byte[] query = Ask("a");
        byte[] message = Reply(query, 0x8180, 1, Record([0xC0, 7], 1, Answer1))[42..];
        message[8] = (byte)'a';   // one answer and 24,832 authorities: 1, 'a', 0
        _host.Receive(Packets.UdpFrame(53, Packets.ReadWord(query, 34), message));
        Assert.Equal(FaultReason.DnsNameUnknown, _host.Network.Fault.Reason);
    }

    [Fact]
    public void OnlyTheFirstAnswersAreLookedAt()
    {
        foreach (int others in (int[])[31, 32])
        {
            byte[] query = Ask("a.example");
            byte[] rest = [.. Enumerable.Repeat(Record([1, (byte)'x', 0], 1, [198, 51, 100, 9]), others).SelectMany(record => record)];
            _host.Receive(Reply(query, 0x8180, others + 1, [.. rest, .. Record(Owner, 1, Answer1)]));
            Assert.Equal(others == 31 ? QueryStatus.Done : QueryStatus.Failed, _host.Network.ResolveStatus);
        }
    }

    [Fact]
    public void AddressesOfOthersClassesAndSectionsDoNotCount()
    {
        byte[] chaos = Record(Owner, 1, Answer1);
        chaos[5] = 3;
        byte[][] wrong = [chaos, Record(Owner, 28, new byte[16]), Record(Owner, 1, [1, 2, 3]), Record(Owner, 1, new byte[5]), Record([1, (byte)'b', 0], 1, Answer1), Record([0xC0, 14], 1, Answer1)];
        foreach (byte[] record in wrong)
        {
            _host.Receive(Reply(Ask("a.example"), 0x8180, 1, record));
            Assert.Equal(FaultReason.DnsNameUnknown, _host.Network.Fault.Reason);
        }

        byte[] additional = Reply(Ask("a.example"), 0x8180, 0, Record(Owner, 1, Answer1));
        _host.Receive(additional);
        Assert.Equal(FaultReason.DnsNameUnknown, _host.Network.Fault.Reason);
    }

    [Fact]
    public void AnAddressThatNamesNoHostIsNoAnswer()
    {
        foreach (byte[] address in (byte[][])[[0, 0, 0, 0], [127, 0, 0, 1], [224, 0, 0, 1], [255, 255, 255, 255]])
        {
            _host.Receive(Reply(Ask("a.example"), 0x8180, 1, Record(Owner, 1, address)));
            Assert.Equal(QueryStatus.Failed, _host.Network.ResolveStatus);
        }
    }

    [Fact]
    public void WithoutANameServerNothingLeaves()
    {
        var host = new TestHost();
        host.Network.Resolve(host.Now, "a.example"u8);
        for (int i = 0; i < 10 && host.Network.ResolveStatus == QueryStatus.InProgress; i++)
        {
            Assert.Empty(host.Wait());
        }

        Assert.Equal(FaultReason.DnsNoAnswer, host.Network.Fault.Reason);
    }

    /// <summary>Thousands of damaged answers, each with a right checksum: any end but a wrong one, and nothing beyond the memory.</summary>
    [Fact]
    public void DamagedAnswersResolveToNothingElse()
    {
        var random = new Random(7);
        int done = 0;
        for (int i = 0; i < 4000; i++)
        {
            if (_host.Network.ResolveStatus != QueryStatus.InProgress)
            {
                _host.Network.Resolve(_host.Now, "a.example"u8);
            }

            byte[]? query = Query();
            if (query is null)
            {
                continue;
            }

            byte[] alias = [1, (byte)'B', 0xC0, 14];
            byte[] message = Reply(query, 0x8180, 3, [.. Record(Owner, 5, alias), .. Record([0xC0, 0x27], 1, Answer1), .. Record([1, (byte)'x', 0], 1, Answer1)])[42..];
            int from = random.Next(2) == 0 ? 0 : 12 + 15;
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                message[random.Next(from, message.Length)] = (byte)random.Next(256);
            }

            _host.Receive(Packets.UdpFrame(53, Packets.ReadWord(query, 34), random.Next(5) == 0 ? message[..random.Next(message.Length)] : message));
            done += _host.Network.ResolveStatus == QueryStatus.Done ? 1 : 0;
        }

        Assert.InRange(done, 500, 3500);
    }

    private byte[]? Query()
    {
        foreach (byte[] frame in _host.Wait(5000))
        {
            if (Packets.ReadWord(frame, 12) == 0x0800)
            {
                return frame;
            }

            _host.Receive(Packets.Arp(Packets.Own, 2, Packets.Peer, Packets.PeerAddress, Packets.Own, Packets.OwnAddress));
        }

        return null;
    }

    /// <summary>A record of another type whose data are so many pointers, less one, each to the one before and the first to the question; and an owner that leads to the last.</summary>
    private static byte[] Chain(int at, int pointers, out byte[] record)
    {
        var data = new List<byte>();
        int target = 12, place = at + 2 + 10;
        for (int i = 1; i < pointers; i++)
        {
            data.AddRange(Pointer(target));
            target = place;
            place += 2;
        }

        record = Record([0xC0, 14], 16, [.. data]);
        return Pointer(target);
    }

    private static byte[] Pointer(int target) => [(byte)(0xC0 | (target >> 8)), (byte)target];
}
