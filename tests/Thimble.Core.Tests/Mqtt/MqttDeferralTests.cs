using System;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Acknowledgements that wait until a message was dealt with.</summary>
public sealed class MqttDeferralTests
{
    private const int Puback = 4;
    private const int Pubrec = 5;
    private const int Pubrel = 6;
    private const int Pubcomp = 7;

    public static TheoryData<MqttVersion> Versions => [MqttVersion.V311, MqttVersion.V5];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_deferred_acknowledgement_is_not_due_until_it_is_given_back(MqttVersion version)
    {
        Desk desk = Desk.Accepted(version);
        desk.Feed(Publish(version, "a", 1, 7, [1]));
        Assert.True(desk.Session.TryDefer(out uint first));
        Assert.Equal(0, desk.Session.AcknowledgementsDue);
        desk.Feed(Publish(version, "a", 2, 8, [2]));
        Assert.True(desk.Session.TryDefer(out uint second));
        Assert.Empty(desk.SendOwed());
        Assert.Equal(MqttStatus.Complete, desk.Session.Owe(first));
        Assert.Equal(MqttStatus.Complete, desk.Session.Owe(second));
        Assert.Equal([.. Acknowledgement(Puback, 7), .. Acknowledgement(Pubrec, 8)], desk.SendOwed());
    }

    [Fact]
    public void What_was_owed_before_stays_owed()
    {
        Desk desk = Desk.Accepted();
        desk.Feed([.. Publish(MqttVersion.V5, "a", 1, 1, []), .. Publish(MqttVersion.V5, "a", 1, 2, [])]);
        Assert.True(desk.Session.TryDefer(out uint second));
        Assert.Equal(Acknowledgement(Puback, 1), desk.SendOwed());
        Assert.Equal(MqttStatus.Complete, desk.Session.Owe(second));
        Assert.Equal(Acknowledgement(Puback, 2), desk.SendOwed());
    }

    [Fact]
    public void A_refusal_keeps_its_reason()
    {
        Desk desk = Desk.Accepted();
        byte[] message = Publish(MqttVersion.V5, "a", 1, 9, [1]);
        Assert.Equal(MqttEvent.PublishBegin, desk.Session.Receive(message, out int consumed, out _));
        Assert.Equal(MqttStatus.Complete, desk.Session.Refuse(MqttReasonCode.QuotaExceeded));
        desk.Session.SkipPayload();
        Assert.Equal(MqttEvent.PublishSkipped, desk.Session.Receive(message.AsSpan(consumed), out _, out _));
        Assert.True(desk.Session.TryDefer(out uint refusal));
        Assert.Equal(MqttStatus.Complete, desk.Session.Owe(refusal));
        Assert.Equal(Acknowledgement(Puback, 9, 0x97), desk.SendOwed());
    }

    [Fact]
    public void A_message_is_deferred_once_and_right_behind_it()
    {
        Desk desk = Desk.Accepted();
        Assert.False(desk.Session.TryDefer(out _));
        desk.Feed([.. Publish(MqttVersion.V5, "a", 1, 1, []), .. Publish(MqttVersion.V5, "a", 1, 2, [])]);
        Assert.True(desk.Session.TryDefer(out _));
        Assert.False(desk.Session.TryDefer(out _)); // the one owed now is of the message before

        desk.Feed([.. Publish(MqttVersion.V5, "a", 2, 3, []), .. Acknowledgement(Pubrel, 3)]);
        Assert.False(desk.Session.TryDefer(out _)); // PUBCOMP is no message's
        desk.Feed(Publish(MqttVersion.V5, "a", 0, 0, []));
        Assert.False(desk.Session.TryDefer(out _)); // nothing is owed for it
        desk.Feed(Publish(MqttVersion.V5, "a", 1, 4, [1, 2]).AsSpan(0, 8));
        Assert.False(desk.Session.TryDefer(out _)); // it has not ended
        Assert.Equal([.. Acknowledgement(Puback, 1), .. Acknowledgement(Pubrec, 3), .. Acknowledgement(Pubcomp, 3)], desk.SendOwed());
    }

    [Fact]
    public void Nothing_of_provisional_bytes_is_deferred_or_owed()
    {
        Desk desk = Desk.Accepted();
        desk.Feed(Publish(MqttVersion.V5, "a", 1, 1, []));
        Assert.True(desk.Session.TryDefer(out uint deferred));
        desk.BeginProvisional();
        desk.Feed(Publish(MqttVersion.V5, "a", 1, 2, []));
        Assert.False(desk.Session.TryDefer(out _));
        Assert.Equal(MqttStatus.WrongState, desk.Session.Owe(deferred));
        desk.Abort();
        Assert.Equal(MqttStatus.Complete, desk.Session.Owe(deferred));
        Assert.Equal(Acknowledgement(Puback, 1), desk.SendOwed());
    }

    [Fact]
    public void Where_no_more_can_be_owed_what_is_owed_goes_out_first()
    {
        Desk desk = Desk.Accepted(MqttVersion.V311, static p => p with { MaxMqttAcknowledgements = 1 });
        desk.Feed(Publish(MqttVersion.V311, "a", 1, 1, []));
        Assert.True(desk.Session.TryDefer(out uint first));
        desk.Feed(Publish(MqttVersion.V311, "a", 1, 2, []));
        Assert.Equal(MqttStatus.AcknowledgementDue, desk.Session.Owe(first));
        Assert.Equal(Acknowledgement(Puback, 2), desk.SendOwed());
        Assert.Equal(MqttStatus.Complete, desk.Session.Owe(first));
        Assert.Equal(Acknowledgement(Puback, 1), desk.SendOwed());
    }

    [Fact]
    public void A_session_that_failed_owes_nothing_any_more()
    {
        Desk desk = Desk.Accepted();
        desk.Feed(Publish(MqttVersion.V5, "a", 1, 1, []));
        Assert.True(desk.Session.TryDefer(out uint deferred));
        desk.Feed([0x00]);
        Assert.Equal(MqttStatus.Faulted, desk.Session.Owe(deferred));
        Assert.Equal(FaultReason.MqttUnexpectedPacket, desk.Session.Fault.Reason);
    }
}
