using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Messages that come out of turn, in every state; messages cut off or too long; records between them.</summary>
public sealed class ScriptedOrderTests
{
    private static readonly byte[] Flight = [Wire.ServerHello, Wire.Certificate, Wire.ServerKeyExchange, Wire.CertificateRequest, Wire.ServerHelloDone];

    private static readonly Phase[] Phases = [Phase.Hello, Phase.Certificates, Phase.ServerKeyExchange, Phase.KeyExchange, Phase.KeyExchange];

    public static TheoryData<int, byte> EveryStateAndMessage()
    {
        var data = new TheoryData<int, byte>();
        for (int state = 0; state < Flight.Length; state++)
        {
            foreach (byte type in new byte[] { 1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 24, 255 })
            {
                if (type != Flight[state] && !(Flight[state] == Wire.CertificateRequest && type == Wire.ServerHelloDone))
                {
                    data.Add(state, type);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryStateAndMessage))]
    public void A_message_out_of_turn_is_refused_in_every_state(int state, byte type) => ScriptedFault.Fails(
        Asking(messages => [.. messages[..state], Wire.Message(type), .. messages[state..]]),
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phases[state], Flight[state], type);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_message_left_out_is_missed(int state) => ScriptedFault.Fails(
        Asking(messages => [.. messages[..state], .. messages[(state + 1)..]]),
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phases[state], Flight[state], Flight[state + 1]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_message_that_comes_twice_is_refused(int state) => ScriptedFault.Fails(
        Asking(messages => [.. messages[..(state + 1)], messages[state], .. messages[(state + 1)..]]),
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phases[state + 1], Flight[state + 1], Flight[state]);

    [Theory]
    [InlineData(Wire.ServerHelloDone)]
    [InlineData(Wire.NewSessionTicket)]
    [InlineData(Wire.CertificateStatus)]
    [InlineData(Wire.Finished)]
    public void Nothing_but_a_key_change_may_follow_the_first_flight(byte type) => ScriptedFault.Fails(
        new ScriptedServer { SecondFlight = server => [.. Wire.Record(Wire.Handshake, Wire.Message(type, new byte[12])), .. server.Seal(Wire.Handshake, server.FinishedMessage())] },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Finished, 0, type);

    [Theory]
    [InlineData(Wire.ServerHello)]
    [InlineData(Wire.NewSessionTicket)]
    [InlineData(Wire.ClientHello)]
    public void Nothing_but_finished_may_follow_the_key_change(byte type) => ScriptedFault.Fails(
        new ScriptedServer { SecondFlight = server => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. server.Seal(Wire.Handshake, Wire.Message(type, new byte[12]))] },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Finished, Wire.Finished, type);

    [Theory]
    [InlineData(Wire.ServerHello)]
    [InlineData(Wire.Finished)]
    [InlineData(Wire.NewSessionTicket)]
    [InlineData(Wire.CertificateRequest)]
    public void No_message_but_hello_request_may_follow_the_handshake(byte type)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        ScriptedFault.ReadFails(client, server, server.Seal(Wire.Handshake, Wire.Message(type, 1, 2)), FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, 0, type);
    }

    [Theory]
    [InlineData(Wire.ServerHello, Phase.Hello)]
    [InlineData(Wire.Certificate, Phase.Certificates)]
    [InlineData(Wire.ServerKeyExchange, Phase.ServerKeyExchange)]
    [InlineData(Wire.CertificateRequest, Phase.KeyExchange)]
    public void A_byte_behind_a_message_s_fields_is_malformed(byte type, Phase phase) => ScriptedFault.Fails(
        Changed(type, static body => [.. body, 0]), FaultReason.MessageMalformed, AlertDescription.DecodeError, phase, type);

    [Theory]
    [InlineData(Wire.Certificate, Phase.Certificates)]
    [InlineData(Wire.ServerKeyExchange, Phase.ServerKeyExchange)]
    [InlineData(Wire.CertificateRequest, Phase.KeyExchange)]
    public void A_message_cut_off_anywhere_is_malformed(byte type, Phase phase)
    {
        int whole = type == Wire.Certificate ? 300 : type == Wire.ServerKeyExchange ? 4 + 65 + 4 + 70 : 1 + 2 + 2 + 8 + 2 + 40;
        for (int length = 0; length < whole; length += type == Wire.Certificate ? 7 : 1)
        {
            int kept = length;
            ScriptedFault.Fails(Changed(type, body => body[..kept]), FaultReason.MessageMalformed, AlertDescription.DecodeError, phase, type);
        }
    }

    [Fact]
    public void Server_hello_done_is_empty() => ScriptedFault.Fails(
        Changed(Wire.ServerHelloDone, static _ => [0]), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.KeyExchange, Wire.ServerHelloDone, 1);

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(0xFFFFFF)]
    public void Finished_has_twelve_bytes(int length) => ScriptedFault.Fails(
        new ScriptedServer { SecondFlight = server => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. server.Seal(Wire.Handshake, [Wire.Finished, .. Wire.U24(length), 1])] },
        FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Finished, Wire.Finished, (uint)length);

    [Fact]
    public void Hello_request_is_empty() => ScriptedFault.Fails(
        Asking(static messages => [Wire.Message(Wire.HelloRequest, 0), .. messages]), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Hello, Wire.HelloRequest, 1);

    [Theory]
    [InlineData(new byte[] { 0, 0, 2, 4, 3, 0, 0 })] // no certificate types
    [InlineData(new byte[] { 1, 64, 0, 0, 0, 0 })] // no schemes
    [InlineData(new byte[] { 1, 64, 0, 3, 4, 3, 5, 0, 0 })] // half a scheme
    [InlineData(new byte[] { 1, 64, 0, 2, 4, 3, 0, 1, 0 })] // half a length
    [InlineData(new byte[] { 1, 64, 0, 2, 4, 3, 0, 2, 0, 0 })] // an empty authority
    [InlineData(new byte[] { 1, 64, 0, 2, 4, 3, 0, 3, 0, 2, 1 })] // an authority longer than the list
    public void A_certificate_request_whose_lists_do_not_add_up_is_malformed(byte[] body) => ScriptedFault.Fails(
        Changed(Wire.CertificateRequest, _ => body), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.KeyExchange, Wire.CertificateRequest);

    [Theory]
    [InlineData(new byte[] { 0, 0, 3, 0, 0, 0 })] // an empty certificate
    [InlineData(new byte[] { 0, 0, 2, 0, 0 })] // half a length
    [InlineData(new byte[] { 0, 0, 4, 0, 0, 2, 48 })] // longer than the list
    [InlineData(new byte[] { 0, 0, 9, 0, 0, 6, 48, 130, 1 })] // the list is longer than the message
    public void A_certificate_list_that_does_not_add_up_is_malformed(byte[] body) => ScriptedFault.Fails(
        Changed(Wire.Certificate, _ => body), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Certificates, Wire.Certificate);

    [Fact]
    public void Hello_requests_are_ignored_anywhere_and_belong_to_no_transcript()
    {
        byte[] request = Wire.Message(Wire.HelloRequest);
        using var server = new ScriptedServer
        {
            AsksForCertificate = true,
            FirstFlight = messages => Wire.Join(messages.Select(m => Wire.Record(Wire.Handshake, [.. request, .. m, .. request]))),
            SecondFlight = s => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. s.Seal(Wire.Handshake, [.. request, .. s.FinishedMessage(), .. request])],
        };
        ScriptedClient client = new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256") }.Prepare();

        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(Wire.Join(request.Select(b => server.Seal(Wire.Handshake, [b])))));
        ScriptedHandshakeTests.AssertDataBothWays(client, server);
    }

    private static ScriptedServer Asking(Func<List<byte[]>, IEnumerable<byte[]>> arrange) => new()
    {
        AsksForCertificate = true,
        FirstFlight = messages => Wire.Join(arrange(messages).Select(static m => Wire.Record(Wire.Handshake, m))),
    };

    private static ScriptedServer Changed(byte type, Func<byte[], byte[]> change) => new()
    {
        AsksForCertificate = true, AuthorityBytes = 42, Messages = { [type] = ScriptedServer.Body(change) },
    };
}
