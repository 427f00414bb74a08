using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>What we publish with QoS 1 and 2 (§4.3.2, §4.3.3): identifiers, acknowledgements, redelivery, and the state that outlives a connection.</summary>
public class MqttInFlightTests
{
    private const int Puback = 4;
    private const int Pubrec = 5;
    private const int Pubrel = 6;
    private const int Pubcomp = 7;

    public static TheoryData<MqttVersion> Versions => [MqttVersion.V311, MqttVersion.V5];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_message_of_QoS_1_is_over_with_Puback(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version);
        Assert.Equal(Publish(version, "a/b", 1, 1, [77]), desk.Publish(77, MqttQos.AtLeastOnce));
        Assert.Equal((1, 3), (desk.Session.InFlight, desk.Session.PublishQuota));
        desk.Feed(Acknowledgement(Puback, 1));
        Assert.Equal(["Acknowledged 77 00"], desk.Events);
        Assert.Equal((0, 4), (desk.Session.InFlight, desk.Session.PublishQuota));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_message_of_QoS_2_is_over_with_Pubcomp(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version);
        Assert.Equal(Publish(version, "a/b", 2, 1, [5]), desk.Publish(5, MqttQos.ExactlyOnce));
        desk.Feed(Acknowledgement(Pubrec, 1));
        Assert.Equal(["Received 5 00"], desk.TakeEvents());
        Assert.Equal(MqttStatus.AcknowledgementDue, desk.Session.Poll(0, out uint wait));
        Assert.Equal(0u, wait);
        Assert.Equal(Acknowledgement(Pubrel, 1), desk.SendOwed(destinationBytes: 1));
        Assert.Equal(1, desk.Session.InFlight);
        desk.Feed(Acknowledgement(Pubcomp, 1));
        Assert.Equal(["Acknowledged 5 00"], desk.Events);
        Assert.Equal(0, desk.Session.InFlight);
    }

    [Fact]
    public void Reason_codes_and_properties_of_acknowledgements_are_told()
    {
        Desk desk = Desk.Accepted();
        for (uint token = 1; token <= 4; token++)
        {
            desk.Publish(token, token <= 2 ? MqttQos.AtLeastOnce : MqttQos.ExactlyOnce);
        }

        desk.Feed(Acknowledgement(Puback, 1, 0x10, Text(31, "nobody")));
        desk.Feed(Acknowledgement(Puback, 2, 0x97));
        desk.Feed(Acknowledgement(Pubrec, 3, 0x87, User("k", "v")));
        desk.Feed(Acknowledgement(Pubrec, 4, 0));
        desk.SendOwed();
        desk.Feed(Acknowledgement(Pubcomp, 4, 0x92));
        Assert.Equal(
            [
                "Property ReasonString nobody", "Acknowledged 1 10", "PublishRefused 2 97", "Property UserProperty k=v", "PublishRefused 3 87", "Received 4 00", "Acknowledged 4 92",
            ],
            desk.Events);
        Assert.Equal(0, desk.Session.InFlight);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void An_acknowledgement_that_nothing_waits_for_is_a_fault(MqttVersion version)
    {
        foreach (int type in new[] { Puback, Pubrec, Pubcomp })
        {
            foreach (int identifier in new[] { 0, 1, 2, 3, 9 })
            {
                Desk desk = Desk.Accepted(version);
                desk.Publish(1, MqttQos.AtLeastOnce);
                desk.Publish(2, MqttQos.ExactlyOnce);
                desk.Publish(3, MqttQos.ExactlyOnce);
                desk.Feed(Acknowledgement(Pubrec, 3));
                desk.SendOwed();
                desk.Feed(Acknowledgement(type, identifier));
                bool fits = (type, identifier) is (Puback, 1) or (Pubrec, 2) or (Pubcomp, 3);
                Assert.Equal(fits ? FaultReason.None : FaultReason.MqttAcknowledgementUnknown, desk.Session.Fault.Reason);
                Assert.True(fits || desk.Session.Fault is { Expected: var expected, Actual: var actual } && expected == type && actual == identifier);
            }
        }
    }

    [Fact]
    public void Pubcomp_before_our_Pubrel_is_a_fault()
    {
        Desk desk = Desk.Accepted();
        desk.Publish(1, MqttQos.ExactlyOnce);
        desk.Feed([.. Acknowledgement(Pubrec, 1), .. Acknowledgement(Pubcomp, 1)]);
        desk.AssertFault(FaultReason.MqttAcknowledgementUnknown, Pubcomp, 1);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_table_bounds_what_is_in_flight_and_the_broker_may_bound_it_lower(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version, connack: [Short(33, 2)]);
        int limit = version == MqttVersion.V5 ? 2 : 4;
        for (uint token = 0; token < limit; token++)
        {
            desk.Publish(token, MqttQos.AtLeastOnce);
        }

        var options = new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.ExactlyOnce };
        Assert.Equal(MqttStatus.QuotaExhausted, desk.Session.Publish(options, [1], new byte[64], out int written));
        Assert.Equal((0, 0), (written, desk.Session.PublishQuota));
        Assert.Equal(MqttStatus.Complete, desk.Session.Publish("a"u8, [1], false, new byte[64], out _));
        desk.Feed(Acknowledgement(Puback, 1));
        Assert.Equal(MqttStatus.Complete, desk.Session.Publish(options, [1], new byte[64], out _));
    }

    [Fact]
    public void Identifiers_are_never_0_and_never_of_what_is_in_flight()
    {
        Desk desk = Desk.Accepted(MqttVersion.V311);
        desk.Publish(0, MqttQos.AtLeastOnce); // stays
        for (int i = 2; i <= 70_000; i++)
        {
            byte[] sent = desk.Publish(1, MqttQos.AtLeastOnce);
            int identifier = (sent[7] << 8) | sent[8];
            Assert.InRange(identifier, 2, 65_535);
            desk.Feed(Acknowledgement(Puback, identifier));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void After_a_loss_what_is_unacknowledged_goes_out_again_in_the_original_order(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version, keep: true);
        desk.Publish(11, MqttQos.ExactlyOnce);
        desk.Publish(12, MqttQos.AtLeastOnce);
        desk.Publish(13, MqttQos.ExactlyOnce);
        desk.Publish(14, MqttQos.AtLeastOnce);
        desk.Feed([.. Acknowledgement(Pubrec, 1), .. Acknowledgement(Pubrec, 3)]);
        desk.SendOwed();
        desk.TakeEvents();

        desk.Reconnect(version);
        Assert.Equal(["Connected"], desk.TakeEvents());
        Assert.Equal(MqttStatus.AcknowledgementDue, desk.Session.Poll(1, out _));
        Assert.Equal([.. Acknowledgement(Pubrel, 1), .. Acknowledgement(Pubrel, 3)], desk.SendOwed());
        foreach ((uint token, int identifier) in new[] { (12u, 2), (14u, 4) })
        {
            Assert.Equal(MqttStatus.RedeliveryDue, desk.Session.Poll(1, out _));
            Assert.Equal(token, desk.Session.RedeliveryToken);
            var other = new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.AtLeastOnce };
            Assert.Equal(MqttStatus.RedeliveryDue, desk.Session.Publish(other, [1], new byte[64], out _));
            Assert.Equal(Publish(version, "a/b", 1, identifier, [(byte)token], dup: true), desk.Publish(token, MqttQos.AtLeastOnce, redelivers: true));
        }

        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(1, out _));
        desk.Feed([.. Acknowledgement(Pubcomp, 1), .. Acknowledgement(Puback, 2), .. Acknowledgement(Pubcomp, 3), .. Acknowledgement(Puback, 4)]);
        Assert.Equal(["Acknowledged 11 00", "Acknowledged 12 00", "Acknowledged 13 00", "Acknowledged 14 00"], desk.Events);
    }

    [Fact]
    public void A_message_that_was_half_sent_when_the_connection_was_lost_is_due_again()
    {
        Desk desk = Desk.Accepted(keep: true);
        var options = new MqttPublishOptions { Topic = "a/b"u8, Qos = MqttQos.AtLeastOnce, Token = 9 };
        Assert.Equal(MqttStatus.DestinationTooSmall, desk.Session.Publish(options, [1, 2, 3], new byte[11], out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(0, out _));
        desk.Reconnect(MqttVersion.V5);
        Assert.Equal(MqttStatus.RedeliveryDue, desk.Session.Poll(0, out _));
        desk.Feed(Acknowledgement(Puback, 1)); // for what it never got
        desk.AssertFault(FaultReason.MqttAcknowledgementUnknown, Puback, 1);
    }

    [Fact]
    public void A_redelivery_must_be_the_one_that_is_due()
    {
        Desk desk = Desk.Accepted(keep: true);
        byte[] d = new byte[64];
        var one = new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.AtLeastOnce, Token = 1, Redelivers = true };
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(one, [], d, out _));
        desk.Publish(1, MqttQos.AtLeastOnce);
        desk.Reconnect(MqttVersion.V5);
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.AtLeastOnce, Token = 2, Redelivers = true }, [], d, out _));
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.ExactlyOnce, Token = 1, Redelivers = true }, [], d, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Publish(one, [], d, out _));
    }

    [Fact]
    public void Redelivery_obeys_the_brokers_new_Receive_Maximum()
    {
        Desk desk = Desk.Accepted(keep: true);
        desk.Publish(1, MqttQos.AtLeastOnce);
        desk.Publish(2, MqttQos.AtLeastOnce);
        desk.Session.Continue(0);
        desk.Open(MqttVersion.V5, keep: true);
        desk.Feed(Connack(MqttVersion.V5, 1, 0, Short(33, 1)));
        desk.Publish(1, MqttQos.AtLeastOnce, redelivers: true);
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(0, out _));
        var second = new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.AtLeastOnce, Token = 2, Redelivers = true };
        Assert.Equal(MqttStatus.QuotaExhausted, desk.Session.Publish(second, [], new byte[64], out _));
        desk.Feed(Acknowledgement(Puback, 1));
        Assert.Equal(MqttStatus.RedeliveryDue, desk.Session.Poll(0, out _));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Where_the_broker_has_forgotten_the_session_nothing_is_in_flight_any_more(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version, keep: true);
        desk.Publish(1, MqttQos.AtLeastOnce);
        desk.TakeEvents();
        desk.Reconnect(version, sessionPresent: false);
        Assert.Equal(["SessionLost", "Connected"], desk.Events);
        Assert.Equal((0, false), (desk.Session.InFlight, desk.Session.SessionPresent));
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(0, out _));
    }

    [Fact]
    public void A_stored_state_goes_on_in_other_memory()
    {
        Desk desk = Desk.Accepted(keep: true);
        desk.SubscribeToAll(MqttQos.ExactlyOnce);
        desk.Publish(1, MqttQos.AtLeastOnce);
        desk.Publish(2, MqttQos.ExactlyOnce);
        desk.Feed(Acknowledgement(Pubrec, 3));
        desk.Feed(Publish(MqttVersion.V5, "x", 2, 500, [1]));
        byte[] stored = new byte[desk.Session.StoredBytes];
        Assert.Equal(8 + 16 + 2, stored.Length);
        Assert.False(desk.Session.TryStore(stored.AsSpan(1), out _));
        Assert.True(desk.Session.TryStore(stored, out int written));
        Assert.Equal(stored.Length, written);

        var other = new Desk(Desk.Profile5());
        Assert.Equal(MqttStatus.Complete, other.Session.Restore(stored));
        other.Reconnect(MqttVersion.V5);
        Assert.Equal(Acknowledgement(Pubrel, 3), other.SendOwed());
        Assert.Equal(1u, other.Session.RedeliveryToken);
        other.TakeEvents();
        other.Feed(Publish(MqttVersion.V5, "x", 2, 500, [1], dup: true));
        Assert.Empty(other.Events);
        Assert.Equal(Acknowledgement(Pubrec, 500), other.SendOwed());
    }

    [Fact]
    public void A_stored_state_that_is_damaged_or_too_large_is_refused_and_changes_nothing()
    {
        Desk desk = Desk.Accepted(keep: true);
        desk.SubscribeToAll(MqttQos.ExactlyOnce);
        desk.Publish(1, MqttQos.AtLeastOnce);
        desk.Publish(2, MqttQos.ExactlyOnce);
        desk.Feed([.. Publish(MqttVersion.V5, "x", 2, 500, [1]), .. Publish(MqttVersion.V5, "x", 2, 501, [1])]);
        byte[] stored = new byte[desk.Session.StoredBytes];
        Assert.True(desk.Session.TryStore(stored, out _));
        var other = new Desk(Desk.Profile5());
        byte[] before = other.Remembered;
        for (int bytes = 0; bytes < stored.Length; bytes++)
        {
            Assert.Equal(MqttStatus.InvalidArgument, other.Session.Restore(stored.AsSpan(0, bytes)));
        }

        Assert.Equal(MqttStatus.InvalidArgument, other.Session.Restore((byte[])[.. stored, 0]));
        foreach ((int at, byte value) in new (int, byte)[] { (0, 0), (0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (6, 3), (8, 0), (10, 0), (10, 0x40), (10, 7), (16, 0), (24, 0), (24, 0xF5) })
        {
            byte[] damaged = [.. stored];
            damaged[at] = value;
            damaged[at == 8 ? 9 : at == 16 ? 17 : at] = at == 24 ? value : at is 8 or 16 ? (byte)0 : value;
            if (at == 24)
            {
                (damaged[24], damaged[25]) = value == 0 ? ((byte)0, (byte)0) : (stored[26], stored[27]);
            }

            Assert.Equal((at, MqttStatus.InvalidArgument), (at, other.Session.Restore(damaged)));
        }

        Assert.Equal(before, other.Remembered);
        Assert.Equal(MqttStatus.InvalidArgument, new Desk(Desk.Profile5(static p => p with { MaxMqttInFlight = 1 })).Session.Restore(stored));
        Assert.Equal(MqttStatus.InvalidArgument, new Desk(Desk.Profile5(static p => p with { MaxMqttInboundExactlyOnce = 1 })).Session.Restore(stored));
        Assert.Equal(MqttStatus.InvalidArgument, new Desk().Session.Restore(stored));
        Assert.Equal(MqttStatus.Complete, other.Session.Restore(stored));
    }

    [Fact]
    public void Of_a_session_in_which_nothing_is_in_flight_here_a_client_can_go_on()
    {
        var desk = new Desk(Desk.Profile5());
        desk.InFlightRegion.Fill(0xCD);
        Assert.Equal(MqttStatus.Complete, desk.Session.RestoreEmpty());
        desk.Reconnect(MqttVersion.V5);
        Assert.Equal((true, 0), (desk.Session.SessionPresent, desk.Session.InFlight));
        Assert.Equal(MqttStatus.Complete, desk.Session.Poll(0, out _));
        desk.Feed(Publish(MqttVersion.V5, "x", 2, 7, [1])); // of the session that the broker has kept
        Assert.Contains("PublishEnd 01", desk.Events);
        Assert.Equal(MqttStatus.InvalidArgument, new Desk().Session.RestoreEmpty());
    }

    [Fact]
    public void Memory_that_holds_no_session_is_not_gone_on_with()
    {
        var desk = new Desk(Desk.Profile5());
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Continue(5)); // begun, and never accepted
        Assert.False(desk.Session.TryStore(new byte[64], out _));
        desk.InFlightRegion.Fill(0xCD);
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Continue(5));
        desk.InFlightRegion.Clear();
        Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Continue(5));
        Assert.Equal(MqttState.ExpectConnect, desk.Session.State);
    }

    [Fact]
    public void Preparing_the_buffer_again_for_the_same_profile_keeps_what_is_in_flight_and_nothing_else()
    {
        Profile profile = Memory.Profiles.ScenarioR with { MaxMqttTopicBytes = 32, MaxMqttInFlight = 4, MaxMqttInboundExactlyOnce = 2 };
        MemoryPlan plan = MemoryPlan.For(profile);
        Assert.Equal(48, plan[RegionId.MqttInFlight].Bytes);
        var words = new ulong[(plan.TotalBytes + 7) / 8];
        Span<byte> memory = System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan());
        memory.Fill(0xCD);
        Fault fault = default;
        Assert.True(plan.TryPrepare(memory, ref fault));
        Span<byte> region = new PlannedBuffer(memory, default)[RegionId.MqttInFlight];
        Assert.Equal(48, region.Length);
        Assert.Equal(-1, region.IndexOfAnyExcept((byte)0));
        var buffer = new PlannedBuffer(memory, default);
        foreach (Phase phase in new[] { Phase.Hello, Phase.Certificates, Phase.Connected, Phase.None })
        {
            buffer.Enter(phase);
            region.Fill(0x5A);
            buffer.WipeSecrets();
            Assert.Equal(-1, region.IndexOfAnyExcept((byte)0x5A));
        }

        memory[(plan[RegionId.Plan].Bytes + 8)..^8].Fill(0x5A);
        Assert.True(plan.TryPrepare(memory, ref fault));
        Assert.Equal(48, memory[plan[RegionId.Plan].Bytes..].Count((byte)0x5A));
        Assert.Equal(-1, region.IndexOfAnyExcept((byte)0x5A));
        Span<byte> baked = new byte[MemoryPlan.MaxBakedBytes];
        Assert.True(plan.TryWrite(baked, out int written));
        Assert.True(MemoryPlan.TryPrepareBaked(baked[..written], profile, memory, ref fault));
        Assert.Equal(-1, region.IndexOfAnyExcept((byte)0x5A));

        Assert.True(MemoryPlan.For(profile with { MaxMqttInFlight = 5 }).TotalBytes <= memory.Length + 8);
        Assert.True(MemoryPlan.For(profile with { MaxMqttTopicBytes = 24 }).TryPrepare(memory, ref fault));
        Assert.Equal(0, memory.Count((byte)0x5A));
    }

    [Fact]
    public void Only_a_profile_with_messages_in_flight_publishes_with_QoS_1_or_2()
    {
        Desk desk = Desk.Accepted(change: static p => p with { MaxMqttInFlight = 0 });
        foreach (MqttQos qos in new[] { MqttQos.AtLeastOnce, MqttQos.ExactlyOnce, (MqttQos)3 })
        {
            Assert.Equal(MqttStatus.InvalidArgument, desk.Session.Publish(new MqttPublishOptions { Topic = "a"u8, Qos = qos }, [], new byte[64], out _));
        }

        Assert.Equal(MqttStatus.InvalidArgument, Desk.Accepted().Session.Publish(new MqttPublishOptions { Topic = "a"u8, Qos = (MqttQos)3 }, [], new byte[64], out _));
    }

    [Fact]
    public void A_payload_in_pieces_is_in_flight_until_it_is_acknowledged()
    {
        Desk desk = Desk.Accepted(keep: true);
        byte[] d = new byte[64];
        var options = new MqttPublishOptions { Topic = "a"u8, Qos = MqttQos.AtLeastOnce, Token = 3 };
        Assert.Equal(MqttStatus.Complete, desk.Session.PublishBegin(options, 5, d, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.PublishData([1, 2], d, out _, out _));
        Assert.Equal(MqttStatus.WrongState, desk.Session.PublishBegin(options, 5, d, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.PublishData([3, 4, 5], d, out _, out _));
        desk.Feed(Acknowledgement(Puback, 1));
        Assert.Equal(["Acknowledged 3 00"], desk.Events);
    }
}
