using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Servers that mean ill, in both versions: each ends in its own fault and alert, after few bytes and few calls, however much they go on to send.</summary>
public sealed class HostileServerTests
{
    private const int WorkPerCall = 200;

    private static readonly byte[] UserCanceled = Wire.Record(Wire.Alert, [1, 90]);

    /// <summary>Hostilities before the keys: what comes instead of ServerHello.</summary>
    public static TheoryData<string, FaultReason, AlertDescription, uint, uint, int> BeforeHello => new()
    {
        { "warnings", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * 7 },
        { "hello requests", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * 9 },
        { "empty handshake", FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 22, 5 },
        { "empty data", FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 23, 5 },
        { "empty alert", FaultReason.AlertMalformed, AlertDescription.DecodeError, 2, 0, 5 },
        { "empty key change", FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, 1, 0, 5 },
        { "2^14 + 1 in the clear", FaultReason.RecordOverflow, AlertDescription.RecordOverflow, 16_384, 16_385, 5 },
        { "no TLS", FaultReason.RecordTypeUnknown, AlertDescription.UnexpectedMessage, 0, (byte)'H', 5 },
        { "hello of 2^24 - 1", FaultReason.VersionUnsupported, AlertDescription.ProtocolVersion, 0x0303, 0x4141, 5 + 4 + 2 },
        { "certificate first", FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, 2, 11, 5 + 4 },
    };

    [Theory]
    [MemberData(nameof(BeforeHello))]
    public void Before_ServerHello(string what, FaultReason reason, AlertDescription alert, uint expected, uint actual, int bytes)
    {
        byte[] one = what switch
        {
            "warnings" => UserCanceled,
            "hello requests" => Wire.Record(Wire.Handshake, Wire.Message(Wire.HelloRequest)),
            "empty handshake" => Wire.Record(Wire.Handshake, []),
            "empty data" => Wire.Record(Wire.ApplicationData, []),
            "empty alert" => Wire.Record(Wire.Alert, []),
            "empty key change" => Wire.Record(Wire.ChangeCipherSpec, []),
            "2^14 + 1 in the clear" => Wire.Record(Wire.Handshake, new byte[16_385]),
            "no TLS" => [.. "HTTP/1.1 400 Bad Request\r\n"u8],
            "hello of 2^24 - 1" => Wire.Record(Wire.Handshake, [2, 255, 255, 255, .. Enumerable.Repeat((byte)0x41, 16_000)]),
            _ => Wire.Record(Wire.Handshake, Wire.Message(Wire.Certificate, new byte[1000])),
        };
        foreach (Profile profile in new[] { ScriptedClient.Everything, Scripted13.Both, Scripted13.Only13 })
        {
            bool no12 = profile.Versions == TlsVersions.Tls13;
            ScriptedClient client = Greeted(profile);
            (int took, int calls) = Endure(client, Endless(one));
            Fault fault = client.Fault;
            FaultReason wanted = what == "hello requests" && no12 ? FaultReason.UnexpectedMessage : reason; // TLS 1.3 has none
            Assert.Equal((wanted, (byte)(wanted == reason ? alert : AlertDescription.UnexpectedMessage)), (fault.Reason, fault.Alert));
            Assert.True(wanted != reason || (expected, actual) == (fault.Expected, fault.Actual), $"{fault.Expected} {fault.Actual}");
            Assert.InRange(took, 1, bytes);
            Assert.InRange(calls, 1, 40);
            ScriptedFault.AssertWiped(client);
        }
    }

    public static TheoryData<string, FaultReason, AlertDescription, uint, uint, int> OnceConnected => new()
    {
        { "1.2 empty records", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 24) },
        { "1.2 warnings", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 26) },
        { "1.2 hello requests", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 28) },
        { "1.2 fragment of 2^14 + 2049", FaultReason.RecordOverflow, AlertDescription.RecordOverflow, 16_384, 16_384 + 2_049 - 24, 5 },
        { "1.2 hello", FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, 0, 2, 5 + 28 },
        { "1.3 empty records", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 17) },
        { "1.3 padding", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 17 + 4_000) },
        { "1.3 user_canceled", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 19) },
        { "1.3 key updates", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 22) },
        { "1.3 key updates that ask", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * (5 + 22) },
        { "1.3 tickets", FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17, 17 * 200 },
        { "1.3 fragment of 2^14 + 257", FaultReason.RecordOverflow, AlertDescription.RecordOverflow, 16_640, 16_641, 5 },
        { "1.3 renegotiation", FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, 4, 0, 5 + 4 + 17 },
        { "1.3 in the clear", FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 22, 5 },
    };

    [Theory]
    [MemberData(nameof(OnceConnected))]
    public void Once_connected(string what, FaultReason reason, AlertDescription alert, uint expected, uint actual, int bytes)
    {
        (ScriptedClient client, Func<byte[]> next) = what.StartsWith("1.2", StringComparison.Ordinal) ? Connected12(what) : Connected13(what);
        byte[] flood = Wire.Join(Enumerable.Range(0, 200).Select(_ => next()));
        (int took, int calls) = Endure(client, [flood]);
        Assert.Equal((reason, (byte)alert, expected, actual), (client.Fault.Reason, client.Fault.Alert, client.Fault.Expected, client.Fault.Actual));
        Assert.InRange(took, 1, bytes);
        Assert.InRange(calls, 1, 60);
        Assert.InRange(client.Output.Count, 0, 2 * (5 + 40)); // at most one KeyUpdate, and the alert
        ScriptedFault.AssertWiped(client);
    }

    /// <summary>RFC 8446 §5.1; RFC 5246 §6.2.1 lets them be.</summary>
    [Theory]
    [InlineData(1, 90)]
    [InlineData(1, 0)]
    [InlineData(2, 40)]
    public void An_alert_between_the_parts_of_ServerHello_has_no_place_where_TLS_1_3_may_be_chosen(byte level, byte description)
    {
        foreach (Profile profile in new[] { Scripted13.Both, Scripted13.Only13 })
        {
            foreach (int part in new[] { 1, 3, 4, 5, 60, 80, 120 }) // within the header, before the suite, behind it
            {
                using var server = new ScriptedServer13
                {
                    HelloRecords = hello => [.. Wire.Record(Wire.Handshake, hello[..part]), .. Wire.Record(Wire.Alert, [level, description]), .. Wire.Record(Wire.Handshake, hello[part..])],
                };
                ScriptedClient client = Greeted(profile);
                Endure(client, [server.Answer([.. client.Output])]);
                Assert.Equal((FaultReason.UnexpectedRecord, (byte)AlertDescription.UnexpectedMessage, 21u), (client.Fault.Reason, client.Fault.Alert, client.Fault.Actual));
            }
        }
    }

    [Fact]
    public void Nor_has_one_between_the_parts_of_a_message_under_seal()
    {
        foreach (int part in new[] { 1, 4, 5 })
        {
            foreach (byte[] alert in new byte[][] { [1, 90], [1, 0], [2, 40] })
            {
                Scripted13.Fails(
                    new ScriptedServer13 { Flight = (s, m) => [.. s.Seal(Wire.Handshake, m[0][..part]), .. s.Seal(Wire.Alert, alert), .. s.Seal(Wire.Handshake, m[0][part..])] },
                    FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, Phase.Certificates13, 0, 21);
            }
        }
    }

    /// <summary>What ends a connection of TLS 1.2 is reported as what it is, wherever it comes; what does not is counted.</summary>
    [Fact]
    public void In_TLS_1_2_an_alert_between_the_parts_of_a_message_is_heard()
    {
        static byte[] Interrupted(List<byte[]> messages, int at, int part, byte[] alert) => Wire.Join(messages.SelectMany((m, i) => i == at
            ? (byte[][])[Wire.Record(Wire.Handshake, m[..part]), Wire.Record(Wire.Alert, alert), .. m.Length == part ? Array.Empty<byte[]>() : [Wire.Record(Wire.Handshake, m[part..])]]
            : [Wire.Record(Wire.Handshake, m)]));
        Phase[] phases = [Phase.Hello, Phase.Certificates, Phase.ServerKeyExchange];
        for (int i = 0; i < phases.Length; i++)
        {
            int at = i;
            foreach (int part in new[] { 1, 4, 20 })
            {
                ScriptedFault.Fails(
                    new ScriptedServer { FirstFlight = m => Interrupted(m, at, part, [2, 80]) }, FaultReason.AlertReceived, null, phases[at], 0, 80);
                using var server = new ScriptedServer { FirstFlight = m => Interrupted(m, at, part, [1, 90]) };
                Assert.Equal(TlsStatus.Complete, new ScriptedClient().Prepare().Connect(server));
            }
        }
    }

    /// <summary>Behind a retry, or before the server's Finished, a flood of what TLS 1.3 lets pass is one all the same.</summary>
    [Fact]
    public void Key_changes_without_meaning_end_after_sixteen_in_any_state()
    {
        byte[] changes = Wire.Join(Enumerable.Repeat(Wire.Record(Wire.ChangeCipherSpec, [1]), 200));
        using var server = new ScriptedServer13 { HelloRecords = hello => [.. Wire.Record(Wire.Handshake, hello), .. changes] };
        ScriptedClient client = Greeted(Scripted13.Both);
        byte[] answer = server.Answer([.. client.Output]);
        (int took, _) = Endure(client, [answer]);
        Assert.Equal((FaultReason.Flood, 16u, 17u), (client.Fault.Reason, client.Fault.Expected, client.Fault.Actual));
        Assert.InRange(took, 1, Wire.Boundaries(answer)[1] + (17 * 6));
    }

    [Fact]
    public void A_retry_is_taken_once_whatever_it_asks_for()
    {
        using var server = new ScriptedServer13 { Cookie = [1, 2, 3], Retries = int.MaxValue };
        ScriptedClient client = Greeted(Scripted13.Both);
        int heard = 0, rounds = 0;
        while (client.Fault.Reason == FaultReason.None && rounds < 10)
        {
            byte[] answer = server.Answer([.. client.Output[heard..]]);
            heard = client.Output.Count;
            client.Handshake(answer);
            rounds++;
        }

        Assert.Equal((FaultReason.SecondHelloRetryRequest, (byte)AlertDescription.UnexpectedMessage, 2), (client.Fault.Reason, client.Fault.Alert, rounds));
        Assert.Equal(2, server.ClientHellos.Count);
    }

    /// <summary>A certificate message says how long it is; one that never ends brings nothing that must be kept.</summary>
    [Fact]
    public void A_chain_of_16_MB_takes_no_more_memory_and_its_first_wrong_byte_ends_it()
    {
        var server = new ScriptedServer
        {
            FirstFlight = static m => [.. Wire.Record(Wire.Handshake, m[0]), .. Wire.Records(Wire.Handshake, [Wire.Certificate, 255, 255, 255, 255, 255, 252, 255, 255, 249, .. new byte[100_000]], 16_384)],
        };
        using (server)
        {
            ScriptedClient client = Greeted(ScriptedClient.Everything);
            (int took, int calls) = Endure(client, [server.Answer([.. client.Output])]);
            Assert.NotEqual(FaultReason.None, client.Fault.Reason);
            Assert.InRange(took, 1, 300);
            Assert.InRange(calls, 1, 20);
        }
    }

    private static (ScriptedClient Client, Func<byte[]> Next) Connected12(string what)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        return (client, what[4..] switch
        {
            "empty records" => () => server.Seal(Wire.ApplicationData, []),
            "warnings" => () => server.Seal(Wire.Alert, [1, 90]),
            "hello requests" => () => server.Seal(Wire.Handshake, Wire.Message(Wire.HelloRequest)),
            "hello" => () => server.Seal(Wire.Handshake, Wire.Message(Wire.ServerHello)),
            _ => static () => Wire.Record(Wire.ApplicationData, new byte[16_384 + 2_049]),
        });
    }

    private static (ScriptedClient Client, Func<byte[]> Next) Connected13(string what)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: new ScriptedClient { Profile = Streamed13.Windowed });
        return (client, what[4..] switch
        {
            "empty records" => () => server.Seal(Wire.ApplicationData, []),
            "padding" => () => server.Seal(Wire.ApplicationData, [], 4_000),
            "user_canceled" => () => server.Seal(Wire.Alert, [1, 90]),
            "key updates" => () => server.UpdateKey(0),
            "key updates that ask" => () => server.UpdateKey(1),
            "tickets" => () => server.Seal(Wire.Handshake, Scripted13Replay.Ticket(32)),
            "renegotiation" => () => server.Seal(Wire.Handshake, Wire.Message(Wire.HelloRequest)),
            "in the clear" => static () => Wire.Record(Wire.Handshake, Wire.Message(Wire.HelloRequest)),
            _ => static () => Wire.Record(Wire.ApplicationData, new byte[16_384 + 257]),
        });
    }

    private static ScriptedClient Greeted(Profile profile)
    {
        ScriptedClient client = new ScriptedClient { Profile = profile, Work = WorkPerCall }.Prepare();
        Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(default));
        return client;
    }

    private static IEnumerable<byte[]> Endless(byte[] one) => Enumerable.Repeat(one, 10_000);

    /// <summary>Feeds until the fault, and tells how many bytes were taken and how many calls with little work each it took.</summary>
    private static (int Bytes, int Calls) Endure(ScriptedClient client, IEnumerable<byte[]> input)
    {
        byte[] destination = new byte[4096];
        int bytes = 0, calls = 0;
        foreach (byte[] piece in input)
        {
            ReadOnlySpan<byte> rest = piece;
            TlsStatus status;
            do
            {
                bool connected = client.Phase == Phase.Connected;
                status = connected ? client.Lens().Read(rest, destination, out int consumed, out int written) : client.Lens().Handshake(rest, destination, out consumed, out written);
                client.Output.AddRange(connected ? [] : destination[..written]);
                rest = rest[consumed..];
                bytes += consumed;
                calls++;
            }
            while (status is TlsStatus.MoreWork or TlsStatus.Complete or TlsStatus.DestinationTooSmall);
            if (status == TlsStatus.Faulted)
            {
                client.Flush();
                return (bytes, calls);
            }

            Assert.Equal(TlsStatus.NeedMoreData, status);
        }

        Assert.Fail($"Nothing was found wrong with {bytes} bytes.");
        return default;
    }
}
