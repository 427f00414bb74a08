using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Provisional bytes of every packet: nothing of them counts before the commit, and nothing at all after an abort, at whatever byte (RULES 1 and 5).</summary>
public class Mqtt5ProvisionalTests
{
    public static TheoryData<MqttVersion> Versions => [MqttVersion.V311, MqttVersion.V5];

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_abort_at_every_byte_of_a_long_script_leaves_the_session_as_it_was(MqttVersion version)
    {
        byte[] script = Script(version);
        for (int from = 0; from < script.Length; from += 3)
        {
            Desk desk = Busy(version);
            desk.Feed(script.AsSpan(0, from));
            desk.SendOwed();
            byte[] before = desk.Remembered;
            string[] events = [.. desk.Events];
            for (int to = from + 1; to <= script.Length; to += 1 + ((to - from) / 16))
            {
                desk.BeginProvisional();
                desk.Feed(script.AsSpan(from, to - from));
                desk.Abort();
                Assert.Equal(before, desk.Remembered);
                Assert.Equal(events, desk.Events);
            }

            desk.Feed(script.AsSpan(from));
            Assert.Equal(FaultReason.None, desk.Session.Fault.Reason);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_commit_at_every_byte_makes_the_session_what_it_is_without_one(MqttVersion version)
    {
        byte[] script = Script(version);
        Desk plain = Busy(version);
        plain.Feed(script);
        byte[] owed = plain.SendOwed();
        for (int cut = 1; cut <= script.Length; cut++)
        {
            Desk desk = Busy(version);
            desk.BeginProvisional();
            desk.Feed(script.AsSpan(0, cut));
            Assert.Equal(0, desk.Session.AcknowledgementsDue);
            Assert.Equal(MqttStatus.Complete, desk.Commit());
            desk.BeginProvisional();
            desk.Feed(script.AsSpan(cut));
            Assert.Equal(MqttStatus.Complete, desk.Commit());
            Assert.Equal(plain.Events.Order(), desk.Events.Order());
            Assert.Equal(Sorted(owed), Sorted(desk.SendOwed()));
            Assert.Equal(plain.Session.InFlight, desk.Session.InFlight);
        }
    }

    [Fact]
    public void Acknowledgements_of_our_messages_are_told_at_the_commit_in_their_order()
    {
        Desk desk = Busy(MqttVersion.V5);
        desk.BeginProvisional();
        desk.Feed([.. Acknowledgement(4, 2, 0x10), .. Acknowledgement(5, 3, 0x97)]);
        Assert.Empty(desk.Events);
        Assert.Equal(4, desk.Session.InFlight);
        desk.Feed(Acknowledgement(4, 2)); // and not twice
        Assert.Equal(MqttStatus.Faulted, desk.Commit());
        Assert.Equal(["Acknowledged 12 10", "PublishRefused 13 97", "Faulted MqttAcknowledgementUnknown 4 2"], desk.Events);
    }

    [Fact]
    public void What_was_committed_and_not_told_yet_survives_the_next_abort_and_the_next_connection()
    {
        Desk desk = Busy(MqttVersion.V5, keep: true);
        desk.Session.BeginProvisional();
        Assert.Equal(MqttEvent.NeedMoreData, desk.Session.Receive([.. Acknowledgement(4, 2), .. Acknowledgement(5, 3)], out _, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Commit());
        desk.Session.BeginProvisional();
        desk.Session.Abort();
        desk.Session.BeginProvisional();
        Assert.Equal(MqttEvent.Acknowledged, desk.Session.Receive([], out _, out _));
        Assert.Equal(12u, desk.Session.Token);
        desk.Session.Abort();
        Assert.Equal(MqttStatus.Complete, desk.Session.Continue(0));
        Assert.Equal(MqttEvent.Received, desk.Session.Receive([], out _, out _));
        Assert.Equal(13u, desk.Session.Token);
        Assert.Equal(MqttEvent.NeedMoreData, desk.Session.Receive([], out _, out _));
    }

    [Fact]
    public void A_connection_that_ends_while_bytes_are_provisional_has_not_heard_them()
    {
        Desk desk = Busy(MqttVersion.V5, keep: true);
        desk.BeginProvisional();
        desk.Feed([.. Publish(MqttVersion.V5, "a", 2, 77, []), .. Acknowledgement(4, 2)]);
        Assert.False(desk.Session.TryStore(new byte[256], out _));
        desk.Reconnect(MqttVersion.V5); // the rollback region is not asked: another connection wiped it
        desk.TakeEvents();
        Assert.Equal(4, desk.Session.InFlight);
        desk.Feed(Publish(MqttVersion.V5, "a", 2, 77, [1], dup: true));
        Assert.Contains("PublishEnd 01", desk.Events);
    }

    [Fact]
    public void Connack_and_all_that_it_says_counts_at_the_commit()
    {
        byte[] connack = Connack(MqttVersion.V5, 0, 0, Short(33, 2), Short(19, 7), Byte(37, 0));
        var desk = new Desk(Desk.Profile5());
        desk.Open(MqttVersion.V5, keepAlive: 60);
        byte[] before = desk.Remembered;
        desk.BeginProvisional();
        desk.Feed([.. connack, .. Publish(MqttVersion.V5, "t", 0, 0, [1])]);
        Assert.Equal((MqttState.ExpectConnack, (ushort)60), (desk.Session.State, desk.Session.KeepAliveSeconds));
        Assert.DoesNotContain("Connected", desk.Events);
        desk.Abort();
        Assert.Equal(before, desk.Remembered);
        Assert.Equal(ushort.MaxValue, desk.Session.Limits.ReceiveMaximum);
        desk.BeginProvisional();
        desk.Feed(connack);
        Assert.Equal(MqttStatus.Complete, desk.Commit());
        Assert.Equal("Connected", desk.Events[^1]);
        Assert.Equal((MqttState.Connected, (ushort)7, (ushort)2), (desk.Session.State, desk.Session.KeepAliveSeconds, desk.Session.Limits.ReceiveMaximum));
    }

    [Fact]
    public void A_kept_session_counts_at_the_commit()
    {
        foreach (int present in new[] { 0, 1 })
        {
            Desk desk = Busy(MqttVersion.V5, keep: true);
            desk.Session.Continue(0);
            desk.Open(MqttVersion.V5, keep: true);
            desk.TakeEvents();
            desk.BeginProvisional();
            desk.Feed(Connack(MqttVersion.V5, present, 0));
            Assert.Equal(4, desk.Session.InFlight);
            Assert.Equal(MqttStatus.Complete, desk.Commit());
            Assert.Equal(present == 1 ? ["Connected"] : ["SessionLost", "Connected"], desk.Events);
            Assert.Equal(present == 1 ? 4 : 0, desk.Session.InFlight);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_comes_behind_a_Connack_that_drops_the_session_belongs_to_the_new_one(MqttVersion version)
    {
        Desk desk = Busy(version, keep: true);
        desk.Session.Continue(0);
        desk.Open(version, keep: true);
        desk.TakeEvents();
        desk.BeginProvisional();
        desk.Feed([.. Connack(version, 0, 0), .. Publish(version, "new", 2, 50, [1]), .. Publish(version, "new", 2, 50, [1], dup: true)]);
        Assert.Equal(MqttStatus.Complete, desk.Commit());
        Assert.Equal(["PublishBegin new 1 retained=False", "PublishEnd 01", "SessionLost", "Connected"], desk.Events);
        Assert.Equal(0, desk.Session.InFlight);
        Assert.Equal([.. Acknowledgement(5, 50), .. Acknowledgement(5, 50)], desk.SendOwed());
        desk.Feed(Acknowledgement(6, 50));
        Assert.Equal(Acknowledgement(7, 50), desk.SendOwed());
    }

    [Fact]
    public void A_Connack_that_drops_the_session_and_was_forged_drops_nothing()
    {
        Desk desk = Busy(MqttVersion.V5, keep: true);
        desk.Session.Continue(0);
        desk.Open(MqttVersion.V5, keep: true);
        byte[] before = desk.Remembered;
        desk.BeginProvisional();
        desk.Feed([.. Connack(MqttVersion.V5, 0, 0), .. Publish(MqttVersion.V5, "new", 2, 50, [1]), .. Publish(MqttVersion.V5, "new", 2, 51, [1])]);
        desk.Abort();
        Assert.Equal(before, desk.Remembered);
    }

    [Fact]
    public void The_brokers_Disconnect_is_held()
    {
        Desk desk = Desk.Accepted();
        desk.BeginProvisional();
        desk.Feed(Disconnect(0x8B));
        Assert.Equal(FaultReason.None, desk.Session.Fault.Reason);
        desk.Abort();
        desk.BeginProvisional();
        desk.Feed([.. Disconnect(0x8B), 1, 2, 3]);
        Assert.Equal(MqttStatus.Faulted, desk.Commit());
        desk.AssertFault(FaultReason.MqttDisconnected, 0, 0x8B);
    }

    [Fact]
    public void More_owed_than_planned_in_provisional_bytes_is_a_fault()
    {
        Desk desk = Desk.Accepted(MqttVersion.V311, static p => p with { MaxMqttAcknowledgements = 2 });
        desk.SubscribeToAll(MqttQos.ExactlyOnce);
        desk.BeginProvisional();
        desk.Feed([.. Publish(MqttVersion.V311, "a", 2, 1, []), .. Publish(MqttVersion.V311, "a", 1, 2, []), .. Acknowledgement(6, 1)]);
        Assert.Equal(MqttStatus.Faulted, desk.Commit());
        desk.AssertFault(FaultReason.MqttAcknowledgementsOwed, 2, 3);
    }

    // Four messages are in flight, an alias is set, SUBACK of packet 7 and PINGRESP are awaited.
    private static Desk Busy(MqttVersion version, bool keep = false)
    {
        Desk desk = Desk.Accepted(version, keep: keep);
        desk.SubscribeToAll(MqttQos.ExactlyOnce);
        desk.Publish(12, MqttQos.AtLeastOnce);
        desk.Publish(13, MqttQos.ExactlyOnce);
        desk.Publish(14, MqttQos.ExactlyOnce);
        desk.Publish(15, MqttQos.AtLeastOnce);
        desk.Feed(Acknowledgement(5, 4));
        desk.SendOwed();
        desk.Feed([.. Publish(version, "known", 2, 50, [])]);
        desk.SendOwed();
        if (version == MqttVersion.V5)
        {
            desk.Feed(Publish(version, "old", 0, 0, [], properties: Short(35, 1)));
        }

        Assert.Equal(MqttStatus.Complete, desk.Session.Subscribe("c"u8, new byte[64], out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Ping(new byte[2], out _));
        desk.TakeEvents();
        return desk;
    }

    private static byte[] Script(MqttVersion version)
    {
        bool five = version == MqttVersion.V5;
        return
        [
            .. Publish(version, "first", 1, 60, [1, 2, 3], properties: five ? [Short(35, 1), User("k", "v"), Text(3, "type")] : []),
            .. Acknowledgement(4, 2, five ? 0x10 : null), .. Publish(version, "known", 2, 50, [9, 9], dup: true),
            .. Publish(version, five ? "" : "first", 2, 61, [4], properties: five ? [Short(35, 1)] : []), .. Acknowledgement(7, 4),
            .. Acknowledgement(6, 50), .. Suback(version, 6, [0], five ? [Text(31, "fine")] : []), .. Publish(version, "third", 0, 0, [7], properties: five ? [Short(35, 2)] : []),
            .. Acknowledgement(5, 3), .. BrokerCodec.Pingresp(), .. Acknowledgement(4, 5), .. Publish(version, "caf\u00E9", 1, 62, new byte[20]),
        ];
    }

    private static IEnumerable<string> Sorted(byte[] acknowledgements) => acknowledgements.Chunk(4).Select(Convert.ToHexString).Order();
}
