using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;
using static Thimble.Core.Tests.Mqtt.BrokerPackets;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>Enhanced authentication (MQTT 5 §4.12).</summary>
public class Mqtt5AuthenticationTests
{
    private static readonly byte[] _method = Text(21, "SCRAM");
    private static readonly byte[] _data = Binary(22, [1, 2, 0xFF]);

    [Fact]
    public void Auth_goes_back_and_forth_until_Connack()
    {
        byte[] auth = Auth(0x18, _method, _data);
        foreach (int[] cuts in Splits.Of(auth.Length))
        {
            Desk desk = Opened();
            desk.Feed(auth, cuts);
            Assert.Equal(["Property AuthenticationMethod SCRAM", "Property AuthenticationData \u0001\u0002\u00FF", "AuthenticationContinues"], desk.TakeEvents());
            byte[] sent = new byte[64];
            Assert.Equal(MqttStatus.Complete, desk.Session.Authenticate(MqttReasonCode.ContinueAuthentication, (byte[])[.. _method, .. _data], sent, out int written));
            Assert.Equal(auth, sent[..written]);
            Assert.Equal(MqttStatus.WrongState, desk.Session.Authenticate(MqttReasonCode.ContinueAuthentication, _method, sent, out _));
            desk.Feed(auth);
            Assert.Equal(MqttStatus.Complete, desk.Session.Authenticate(MqttReasonCode.ContinueAuthentication, _method, sent, out _));
            desk.TakeEvents();
            desk.Feed(Connack(MqttVersion.V5, 0, 0, _method));
            Assert.Equal(["Property AuthenticationMethod SCRAM", "Connected"], desk.Events);
        }
    }

    [Fact]
    public void A_client_authenticates_anew_and_the_broker_ends_it()
    {
        Desk desk = Connected();
        byte[] sent = new byte[64];
        Assert.Equal(MqttStatus.Complete, desk.Session.Authenticate(MqttReasonCode.Reauthenticate, _method, sent, out int written));
        Assert.Equal(Auth(0x19, _method), sent[..written]);
        Assert.Equal(MqttStatus.WrongState, desk.Session.Authenticate(MqttReasonCode.Reauthenticate, _method, sent, out _));
        desk.Feed(Auth(0x18, _method));
        Assert.Equal(MqttStatus.Complete, desk.Session.Authenticate(MqttReasonCode.ContinueAuthentication, _method, sent, out _));
        desk.Feed(Auth(0, _method));
        Assert.Equal(["AuthenticationContinues", "Authenticated"], desk.TakeEvents().Where(static e => e.StartsWith("Auth", System.StringComparison.Ordinal)));
        Assert.Equal(MqttStatus.Complete, desk.Session.Authenticate(MqttReasonCode.Reauthenticate, _method, sent, out _));
        desk.Feed([0xF0, 0]);
        Assert.Equal(["Authenticated"], desk.Events);
    }

    [Fact]
    public void Our_Auth_must_name_the_method_of_Connect_and_come_when_it_is_its_turn()
    {
        byte[] d = new byte[64];
        Desk opened = Opened();
        Assert.Equal(MqttStatus.WrongState, opened.Session.Authenticate(MqttReasonCode.ContinueAuthentication, _method, d, out _));
        Assert.Equal(MqttStatus.WrongState, opened.Session.Authenticate(MqttReasonCode.Reauthenticate, _method, d, out _));
        Assert.Equal(MqttStatus.WrongState, Desk.Accepted().Session.Authenticate(MqttReasonCode.Reauthenticate, _method, d, out _));
        Assert.Equal(MqttStatus.WrongState, Desk.Accepted(MqttVersion.V311).Session.Authenticate(MqttReasonCode.Reauthenticate, _method, d, out _));
        Desk connected = Connected();
        Assert.Equal(MqttStatus.InvalidArgument, connected.Session.Authenticate(MqttReasonCode.Reauthenticate, Text(21, "OTHER"), d, out _));
        Assert.Equal(MqttStatus.InvalidArgument, connected.Session.Authenticate(MqttReasonCode.Reauthenticate, _data, d, out _));
        Assert.Equal(MqttStatus.InvalidArgument, connected.Session.Authenticate(MqttReasonCode.Reauthenticate, default, d, out _));
        Assert.Equal(MqttStatus.WrongState, connected.Session.Authenticate(MqttReasonCode.Success, _method, d, out _));
    }

    [Fact]
    public void The_broker_may_not_change_or_forget_the_method_or_speak_out_of_turn()
    {
        AssertFault(Opened(), Auth(0x18, Text(21, "OTHER")), FaultReason.MqttAuthenticationMethod);
        AssertFault(Opened(), Auth(0x18, _data), FaultReason.MqttAuthenticationMethod);
        AssertFault(Opened(), Auth(0x18), FaultReason.MqttAuthenticationMethod);
        AssertFault(Opened(), Auth(0, _method), FaultReason.MqttAuthenticationUnexpected);
        AssertFault(Opened(), Connack(MqttVersion.V5, 0, 0), FaultReason.MqttAuthenticationMethod);
        AssertFault(Opened(), Connack(MqttVersion.V5, 0, 0, Text(21, "OTHER")), FaultReason.MqttAuthenticationMethod);
        AssertFault(Opened(), Auth(0x19, _method), FaultReason.MqttReasonCodeInvalid);
        AssertFault(Connected(), Auth(0x18, _method), FaultReason.MqttUnexpectedPacket);
        AssertFault(Desk.Accepted(), Auth(0x18, _method), FaultReason.MqttUnexpectedPacket);

        var unasked = new Desk(Desk.Profile5());
        unasked.Open(MqttVersion.V5);
        AssertFault(unasked, Auth(0x18, _method), FaultReason.MqttUnexpectedPacket);
        var named = new Desk(Desk.Profile5());
        named.Open(MqttVersion.V5);
        AssertFault(named, Connack(MqttVersion.V5, 0, 0, _method), FaultReason.MqttAuthenticationMethod);
        AssertFault(Twice(), Auth(0x18, _method), FaultReason.MqttUnexpectedPacket);
    }

    private static Desk Twice()
    {
        Desk desk = Opened();
        desk.Feed(Auth(0x18, _method));
        return desk;
    }

    private static Desk Opened()
    {
        var desk = new Desk(Desk.Profile5());
        desk.Open(MqttVersion.V5, [.. _method, .. _data]);
        return desk;
    }

    private static Desk Connected()
    {
        Desk desk = Opened();
        desk.Feed(Connack(MqttVersion.V5, 0, 0, _method));
        desk.TakeEvents();
        return desk;
    }

    private static void AssertFault(Desk desk, byte[] packet, FaultReason reason)
    {
        desk.Feed(packet);
        Assert.Equal(reason, desk.Session.Fault.Reason);
    }
}
