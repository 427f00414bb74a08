using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Records that are wrong in themselves, in the clear and protected, and key changes out of turn.</summary>
public sealed class ScriptedRecordTests
{
    private static readonly Func<ScriptedServer, byte[]> KeyChangeOnly = static _ => Wire.Record(Wire.ChangeCipherSpec, [1]);

    [Theory]
    [InlineData(0)]
    [InlineData(19)]
    [InlineData(24)]
    [InlineData(128)]
    [InlineData(255)]
    public void An_unknown_content_type_is_refused(byte type)
    {
        FirstFlightFails([type, 3, 3, 0, 1, 0], FaultReason.RecordTypeUnknown, AlertDescription.UnexpectedMessage, 0, type);
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        ScriptedFault.ReadFails(client, server, [type, 3, 3], FaultReason.RecordTypeUnknown, AlertDescription.UnexpectedMessage, 0, type);
    }

    [Theory]
    [InlineData(0x0200)]
    [InlineData(0x0400)]
    [InlineData(0x4854)] // "HT", from a server that speaks HTTP
    public void A_record_of_another_protocol_is_refused(int version) =>
        FirstFlightFails([22, .. Wire.U16(version), 0, 1, 0], FaultReason.RecordVersion, AlertDescription.ProtocolVersion, 0x0303, (uint)version);

    [Fact]
    public void Any_version_of_TLS_may_stand_on_the_first_record_and_only_1_2_afterwards()
    {
        using var server = new ScriptedServer { FirstFlight = static m => [.. Wire.Record(Wire.Handshake, m[0], 0x0301), .. Wire.Records(Wire.Handshake, Wire.Join(m[1..]), 9999)] };
        Assert.Equal(TlsStatus.Complete, new ScriptedClient().Prepare().Connect(server));

        ScriptedFault.Fails(
            new ScriptedServer { FirstFlight = static m => [.. Wire.Record(Wire.Handshake, m[0]), .. Wire.Record(Wire.Handshake, m[1], 0x0302)] },
            FaultReason.RecordVersion, AlertDescription.ProtocolVersion, Phase.Certificates, 0x0303, 0x0302);
    }

    [Theory]
    [InlineData(16385)]
    [InlineData(65535)]
    public void A_record_in_the_clear_above_2_to_the_14_overflows(int length) =>
        FirstFlightFails([22, 3, 3, .. Wire.U16(length)], FaultReason.RecordOverflow, AlertDescription.RecordOverflow, 16384, (uint)length);

    [Theory]
    [InlineData(16384 + 1)]
    [InlineData(16384 + 2048 + 1 - 24)]
    [InlineData(65535 - 24)]
    public void A_protected_record_above_2_to_the_14_overflows(int content)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        byte[] header = [23, 3, 3, .. Wire.U16(content + 24)];
        ScriptedFault.ReadFails(client, server, header, FaultReason.RecordOverflow, AlertDescription.RecordOverflow, 16384, (uint)content);
    }

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128)]
    [InlineData(ScriptedSuite.EcdsaChaCha)]
    public void The_window_takes_exactly_what_the_profile_says(ushort suite)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(suite);
        byte[] content = [.. Enumerable.Range(0, 1024).Select(static i => (byte)i)];
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.ApplicationData, content)));
        Assert.Equal(content, client.Data.ToArray());
        byte[] larger = server.Seal(Wire.ApplicationData, new byte[1025]);
        ScriptedFault.ReadFails(client, server, larger, FaultReason.RecordLargerThanWindow, AlertDescription.RecordOverflow, 1024, 1025);
    }

    [Fact]
    public void A_handshake_record_may_not_be_empty()
    {
        FirstFlightFails(Wire.Record(Wire.Handshake, []), FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 22);
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        ScriptedFault.ReadFails(client, server, server.Seal(Wire.Handshake, []), FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 22);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Application_data_in_the_clear_is_refused(int length) =>
        FirstFlightFails(Wire.Record(Wire.ApplicationData, new byte[length]), FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 23);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Application_data_before_finished_is_refused(int length) => SecondFlightFails(
        server => [.. KeyChangeOnly(server), .. server.Seal(Wire.ApplicationData, new byte[length])], FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 23);

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Application_data_between_the_parts_of_a_message_is_refused(int length)
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        byte[] records = [.. server.Seal(Wire.Handshake, [0, 0]), .. server.Seal(Wire.ApplicationData, new byte[length])];
        ScriptedFault.ReadFails(client, server, records, FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 23);
    }

    [Fact]
    public void A_key_change_before_its_turn_is_refused()
    {
        for (int i = 0; i <= 4; i++)
        {
            int at = i;
            var server = new ScriptedServer
            {
                AsksForCertificate = true,
                FirstFlight = m => [.. Wire.Join(m[..at].Select(static x => Wire.Record(Wire.Handshake, x))), .. KeyChangeOnly(null!)],
            };
            Phase phase = new[] { Phase.Hello, Phase.Certificates, Phase.ServerKeyExchange, Phase.KeyExchange, Phase.KeyExchange }[at];
            ScriptedFault.Fails(server, FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, phase, 1, 1);
        }
    }

    [Fact]
    public void A_key_change_in_the_middle_of_a_message_is_refused()
    {
        for (int i = 1; i <= 5; i++)
        {
            int part = i;
            SecondFlightFails(
                server => [.. Wire.Record(Wire.Handshake, Wire.Message(Wire.HelloRequest)[..Math.Min(part, 3)]), .. KeyChangeOnly(server)],
                FaultReason.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);
        }
    }

    [Theory]
    [InlineData(new byte[0], 1, 0)]
    [InlineData(new byte[] { 1, 1 }, 1, 2)]
    [InlineData(new byte[] { 0 }, 1, 0)]
    [InlineData(new byte[] { 2 }, 1, 2)]
    public void A_key_change_is_the_one_byte_1(byte[] content, uint expected, uint actual) => SecondFlightFails(
        _ => Wire.Record(Wire.ChangeCipherSpec, content), FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, expected, actual);

    [Fact]
    public void A_second_key_change_is_refused_wherever_it_comes()
    {
        SecondFlightFails(server => [.. KeyChangeOnly(server), .. KeyChangeOnly(server)], FaultReason.BadRecordMac, AlertDescription.BadRecordMac, 0, 1);
        SecondFlightFails(
            server => [.. KeyChangeOnly(server), .. server.Seal(Wire.ChangeCipherSpec, [1])], FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, 0, 1);
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        ScriptedFault.ReadFails(client, server, server.Seal(Wire.ChangeCipherSpec, []), FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void Finished_in_the_clear_is_no_finished() => SecondFlightFails(
        server => [.. KeyChangeOnly(server), .. Wire.Record(Wire.Handshake, server.FinishedMessage())], FaultReason.BadRecordMac, AlertDescription.BadRecordMac, 0, 16);

    [Fact]
    public void A_finished_before_the_key_change_is_refused() => SecondFlightFails(
        server => [.. server.Seal(Wire.Handshake, server.FinishedMessage()), .. KeyChangeOnly(server)], FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, 0, 0, anyActual: true);

    private static void FirstFlightFails(byte[] bytes, FaultReason reason, AlertDescription alert, uint expected = 0, uint actual = 0) =>
        ScriptedFault.Fails(new ScriptedServer { FirstFlight = _ => bytes }, reason, alert, Phase.Hello, expected, actual);

    private static void SecondFlightFails(
        Func<ScriptedServer, byte[]> flight, FaultReason reason, AlertDescription alert, uint expected = 0, uint actual = 0, bool anyActual = false)
    {
        if (!anyActual)
        {
            ScriptedFault.Fails(new ScriptedServer { SecondFlight = flight }, reason, alert, Phase.Finished, expected, actual);
            return;
        }

        // A sealed record read in the clear: its first byte, of an explicit nonce, is 0 and looks like a HelloRequest.
        using var server = new ScriptedServer { SecondFlight = flight };
        ScriptedClient client = new ScriptedClient().Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        Assert.NotEqual(FaultReason.None, client.Fault.Reason);
        ScriptedFault.AssertWiped(client);
    }
}
