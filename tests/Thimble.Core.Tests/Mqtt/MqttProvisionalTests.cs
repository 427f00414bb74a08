using System;
using System.Linq;
using Thimble.Core.Tests.Memory;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Bytes that nobody vouches for yet (RULES 1 and 5): nothing comes of them before the commit, and nothing after an abort.</summary>
public class MqttProvisionalTests
{
    private static readonly byte[] _topic = "a/b"u8.ToArray();

    // PUBLISH with QoS 1, PUBLISH on another topic, PINGRESP, PUBLISH with QoS 1 and a topic of two-byte characters, SUBACK.
    private static readonly byte[] _stream =
    [
        .. BrokerCodec.Publish(_topic, 0x1234, [1, 2, 3, 4, 5]), .. BrokerCodec.Publish("longer/topic"u8.ToArray(), [6]),
        .. BrokerCodec.Pingresp(), .. BrokerCodec.Publish("caf\u00E9"u8.ToArray(), 0x4321, []), .. BrokerCodec.Suback(2, 0),
        .. BrokerCodec.Publish(_topic, [7, 8]),
    ];

    [Fact]
    public void Wherever_a_provisional_piece_begins_and_ends_a_commit_makes_it_what_it_is()
    {
        Desk whole = Waiting();
        whole.Feed(_stream);
        for (int from = 0; from <= _stream.Length; from++)
        {
            for (int to = from; to <= _stream.Length; to++)
            {
                Desk desk = Waiting();
                desk.Feed(_stream.AsSpan(0, from));
                desk.BeginProvisional();
                desk.Feed(_stream.AsSpan(from, to - from));
                Assert.Equal(MqttStatus.Complete, desk.Commit());
                desk.Feed(_stream.AsSpan(to));
                Assert.Equal(Messages(whole), Messages(desk));
                Assert.Equal(Answers(whole), Answers(desk));
                Assert.Equal(whole.Remembered, desk.Remembered);
            }
        }
    }

    [Fact]
    public void Wherever_a_provisional_piece_begins_and_whatever_it_says_an_abort_undoes_it()
    {
        Desk whole = Waiting();
        whole.Feed(_stream);
        var random = new Random(5);
        for (int from = 0; from <= _stream.Length; from++)
        {
            for (int to = from; to <= _stream.Length; to++)
            {
                byte[] provisional = _stream[from..to];
                if (to % 3 == 0 && provisional.Length != 0)
                {
                    provisional[random.Next(provisional.Length)] ^= (byte)(1 << random.Next(8));
                }

                Desk desk = Waiting();
                desk.Feed(_stream.AsSpan(0, from));
                byte[] before = desk.Remembered;
                desk.BeginProvisional();
                desk.Feed(provisional);
                Assert.Equal(FaultReason.None, desk.Session.Fault.Reason);
                desk.Abort();
                Assert.Equal(before, desk.Remembered);
                desk.Feed(_stream.AsSpan(from));
                Assert.Equal(whole.Events, desk.Events);
                Assert.Equal(whole.Remembered, desk.Remembered);
            }
        }
    }

    [Fact]
    public void What_is_provisional_is_not_acknowledged_before_its_commit()
    {
        Desk desk = Desk.AtLeastOnce();
        desk.BeginProvisional();
        desk.Feed([.. BrokerCodec.Publish(_topic, 1, [1]), .. BrokerCodec.Publish(_topic, 2, [2])]);
        Assert.Equal(0, desk.Session.AcknowledgementsDue);
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(1, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Acknowledge(new byte[16], out int written));
        Assert.Equal(0, written);

        Assert.Equal(MqttStatus.Complete, desk.Commit());
        Assert.Equal(MqttStatus.AcknowledgementDue, desk.Session.Poll(2, out _));
        desk.Acknowledge();
        Assert.Equal([1, 2], desk.Acknowledged);
    }

    [Fact]
    public void What_was_owed_before_can_be_acknowledged_in_between_and_an_abort_does_not_owe_it_again()
    {
        Desk desk = Desk.AtLeastOnce();
        desk.Feed([.. BrokerCodec.Publish(_topic, 1, []), .. BrokerCodec.Publish(_topic, 2, [])]);
        desk.BeginProvisional();
        desk.Feed(BrokerCodec.Publish(_topic, 3, []));
        desk.Acknowledge(destinationBytes: 3);
        Assert.Equal([1, 2], desk.Acknowledged);
        desk.Abort();
        desk.Acknowledge();
        Assert.Equal([1, 2], desk.Acknowledged);
        desk.Feed(BrokerCodec.Publish(_topic, 4, []));
        desk.Acknowledge();
        Assert.Equal([1, 2, 4], desk.Acknowledged);
    }

    [Fact]
    public void More_acknowledgements_than_can_be_owed_are_a_fault_at_the_commit_and_none_after_an_abort()
    {
        byte[] five = [.. Enumerable.Range(1, 5).SelectMany(i => BrokerCodec.Publish(_topic, (ushort)i, []))];
        Desk desk = Desk.AtLeastOnce(acknowledgements: 4);
        desk.BeginProvisional();
        desk.Feed(five);
        desk.Abort();
        Assert.Equal(FaultReason.None, desk.Session.Fault.Reason);
        desk.Feed(five);
        desk.Acknowledge();

        desk.BeginProvisional();
        desk.Feed(five);
        Assert.Equal(MqttStatus.Faulted, desk.Commit());
        desk.AssertFault(FaultReason.MqttAcknowledgementsOwed, 4, 5);
        Assert.Equal(MqttStatus.Faulted, desk.Session.Acknowledge(new byte[32], out _));
        Assert.Equal([1, 2, 3, 4, 5], desk.Acknowledged);
    }

    [Fact]
    public void Room_that_verified_messages_take_is_freed_first()
    {
        Desk desk = Desk.AtLeastOnce(acknowledgements: 4);
        desk.Feed([.. BrokerCodec.Publish(_topic, 1, []), .. BrokerCodec.Publish(_topic, 2, [])]);
        desk.BeginProvisional();
        desk.Feed([.. Enumerable.Range(3, 4).SelectMany(i => BrokerCodec.Publish(_topic, (ushort)i, []))]);
        Assert.Equal([1, 2], desk.Acknowledged); // the session said that it was due
        Assert.Equal(MqttStatus.Complete, desk.Commit());
        desk.Acknowledge();
        Assert.Equal([1, 2, 3, 4, 5, 6], desk.Acknowledged);
    }

    [Theory]
    [InlineData("F0", FaultReason.MqttUnexpectedPacket, 0, 15)]
    [InlineData("3003000123", FaultReason.MqttTopicInvalid, 0, 0x23)]
    [InlineData("30430041", FaultReason.MqttTopicTooLong, 64, 65)]
    public void A_fault_is_held_until_the_commit_and_the_rest_passes_unread(string packet, FaultReason reason, uint expected, uint actual)
    {
        foreach (bool genuine in new[] { true, false })
        {
            Desk desk = Desk.AtLeastOnce();
            byte[] before = desk.Remembered;
            desk.BeginProvisional();
            desk.Feed([.. BrokerCodec.Publish(_topic, 1, [1]), .. Convert.FromHexString(packet), .. new byte[700]]);
            Assert.Equal(["PublishBegin a/b 1 retained=False", "PublishEnd 01"], desk.Events);
            Assert.Equal((FaultReason.None, MqttStatus.Complete), (desk.Session.Fault.Reason, desk.Session.Poll(0, out _)));
            if (genuine)
            {
                Assert.Equal(MqttStatus.Faulted, desk.Commit());
                desk.AssertFault(reason, expected, actual);
                Assert.Equal($"Faulted {reason} {expected} {actual}", desk.Events[^1]);
            }
            else
            {
                desk.Abort();
                Assert.Equal(before, desk.Remembered);
                Assert.Empty(desk.Events);
            }
        }
    }

    [Fact]
    public void Answers_take_effect_and_are_told_at_the_commit()
    {
        var desk = new Desk(provisional: true);
        desk.SendConnect();
        byte[] before = desk.Remembered;
        byte[] answers = [.. BrokerCodec.Connack(0, 0), .. BrokerCodec.Publish(_topic, [1])];
        desk.BeginProvisional();
        desk.Feed(answers);
        Assert.Equal(MqttState.ExpectConnack, desk.Session.State);
        Assert.Equal(MqttStatus.WrongState, desk.Session.Subscribe("c"u8, new byte[16], out _));
        desk.Abort();
        Assert.Equal(before, desk.Remembered);
        desk.BeginProvisional();
        desk.Feed(answers);
        Assert.Equal(MqttStatus.Complete, desk.Commit());
        Assert.Equal(MqttState.Connected, desk.Session.State);
        Assert.Equal(["PublishBegin a/b 1 retained=False", "PublishEnd 01", "Connected"], desk.Events);
    }

    [Fact]
    public void An_answer_comes_once_within_a_provisional_piece_too()
    {
        foreach (byte[] twice in new[] { BrokerCodec.Suback(2, 0), BrokerCodec.Suback(2, 0x80), BrokerCodec.Pingresp() })
        {
            Desk desk = Waiting();
            desk.BeginProvisional();
            desk.Feed([.. twice, .. twice]);
            Assert.Equal(MqttStatus.Faulted, desk.Commit());
            desk.AssertFault(FaultReason.MqttUnexpectedPacket, 0, (uint)twice[0] >> 4);
            Assert.Equal(2, desk.Events.Count); // the answer, and then the fault
        }
    }

    [Fact]
    public void A_response_that_is_provisional_does_not_end_the_wait_for_it()
    {
        Desk desk = Desk.AtLeastOnce(keepAlive: 60);
        desk.Session.Poll(45_000, out _);
        desk.Session.Ping(new byte[2], out _);
        byte[] before = desk.Remembered;
        desk.BeginProvisional();
        desk.Feed(BrokerCodec.Pingresp());
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(104_999, out uint wait));
        Assert.Equal(1u, wait);
        Assert.Equal(MqttStatus.Faulted, desk.Session.Poll(105_000, out _));
        desk.AssertFault(FaultReason.MqttKeepAliveExpired, 60_000, 60_000);
        Assert.False(desk.Session.IsProvisional);
        Assert.NotEqual(before, desk.Remembered);
        Assert.Equal(MqttStatus.Faulted, desk.Session.Commit());
        Assert.Equal(MqttStatus.Faulted, desk.Session.BeginProvisional());
    }

    [Fact]
    public void The_end_of_the_transport_is_an_abort()
    {
        Desk desk = Desk.AtLeastOnce();
        desk.Feed([0x30, 0x07, 0x00, 0x03, 0x61]);
        desk.BeginProvisional();
        desk.Feed([0x2F, 0x62, 1, 2, 0xF0]);
        Assert.Equal(MqttEvent.Faulted, desk.Session.ReceiveEnd());
        desk.AssertFault(FaultReason.MqttConnectionLost, 0, 4);
    }

    [Fact]
    public void Our_own_packets_go_out_in_between_and_an_abort_leaves_them_sent()
    {
        Desk desk = Desk.AtLeastOnce(keepAlive: 60);
        desk.Session.Poll(10_000, out _);
        desk.BeginProvisional();
        desk.Feed(_stream.AsSpan(0, 9));
        Assert.Equal(MqttStatus.DestinationTooSmall, desk.Session.Publish("a"u8, [1, 2, 3], false, new byte[2], out _));
        desk.Abort();
        Assert.Equal(MqttStatus.Complete, desk.Session.Publish("a"u8, [1, 2, 3], false, new byte[16], out int rest));
        Assert.Equal(6, rest);
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(54_999, out uint wait));
        Assert.Equal(1u, wait);
    }

    [Fact]
    public void A_decision_to_skip_is_forgotten_with_the_piece_it_was_made_in()
    {
        Desk desk = Desk.AtLeastOnce();
        byte[] publish = BrokerCodec.Publish(_topic, 3, [1, 2, 3]);
        desk.Feed(publish.AsSpan(0, 9));
        desk.BeginProvisional();
        desk.Session.SkipPayload();
        desk.Feed(publish.AsSpan(9));
        desk.Abort();
        desk.Feed(publish.AsSpan(9));
        Assert.Equal(["PublishBegin a/b 3 retained=False", "PublishEnd 010203"], desk.Events);
    }

    [Fact]
    public void A_session_without_memory_to_go_back_to_does_not_begin()
    {
        Desk desk = Desk.Connected();
        Assert.Equal(MqttStatus.WrongState, desk.Session.BeginProvisional());
        desk.Session.Abort();
        Assert.Equal(MqttStatus.Complete, desk.Session.Commit());
        Assert.False(desk.Session.IsProvisional);
        var profile = new Profile { MaxMqttTopicBytes = 16, ProvisionalMqtt = true };
        byte[] state = new byte[MqttSession.SessionBytes(profile)], topic = new byte[16];
        Assert.Equal(MqttStatus.WrongState, new MqttSession(profile, state, topic, new byte[MqttSession.RollbackBytes(profile) - 1]).BeginProvisional());
    }

    [Fact]
    public void Beginning_twice_changes_nothing()
    {
        Desk desk = Desk.AtLeastOnce();
        byte[] before = desk.Remembered;
        desk.BeginProvisional();
        desk.Feed(_stream.AsSpan(0, 12));
        Assert.Equal(MqttStatus.Complete, desk.Session.BeginProvisional());
        desk.Abort();
        Assert.Equal(before, desk.Remembered);
    }

    [Fact]
    public void A_profile_pays_for_what_it_asks()
    {
        var profile = new Profile { MaxMqttTopicBytes = 48 };
        Assert.Equal((88, 0), (MqttSession.SessionBytes(profile), MqttSession.RollbackBytes(profile)));
        profile = profile with { MaxMqttAcknowledgements = 5, ProvisionalMqtt = true };
        Assert.Equal((108, 88), (MqttSession.SessionBytes(profile), MqttSession.RollbackBytes(profile)));
        Assert.Equal(88 + 1020, MqttSession.SessionBytes(profile with { MaxMqttAcknowledgements = 1000 }));
    }

    [Fact]
    public void The_memory_to_go_back_to_lives_while_connected_and_does_not_raise_the_peak()
    {
        Profile without = Profiles.ScenarioR with { MaxMqttTopicBytes = 64 };
        Profile with = without with { ProvisionalMqtt = true };
        Assert.Equal(104, MemoryPlan.For(with, 32)[RegionId.MqttRollback].Bytes);
        Assert.Equal(0, MemoryPlan.For(without, 32)[RegionId.MqttRollback].Bytes);
        Assert.InRange(MemoryPlan.For(with, 32).TotalBytes - MemoryPlan.For(without, 32).TotalBytes, 0, 8); // four bytes in the table of regions
        Assert.False(Lifetimes.Include(RegionId.MqttRollback, Phase.Finished));
        Assert.Equal(0, MemoryPlan.For(with with { MaxMqttTopicBytes = 0 }, 32)[RegionId.MqttRollback].Bytes);
    }

    // A session that awaits SUBACK of packet 2 and PINGRESP, and may get messages of QoS 1.
    private static Desk Waiting()
    {
        Desk desk = Desk.AtLeastOnce();
        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("c"u8, new byte[64], out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Ping(new byte[2], out _));
        return desk;
    }

    private static string[] Messages(Desk desk) => [.. desk.Events.Where(static e => e.StartsWith("Publish", StringComparison.Ordinal))];

    private static string[] Answers(Desk desk) => [.. desk.Events.Where(static e => !e.StartsWith("Publish", StringComparison.Ordinal)).Order()];
}
