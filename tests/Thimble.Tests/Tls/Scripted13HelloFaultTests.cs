using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Every way in which a ServerHello or HelloRetryRequest of TLS 1.3 can be wrong, each with its own fault.</summary>
public sealed class Scripted13HelloFaultTests
{
    [Theory]
    [InlineData(0x0303)]
    [InlineData(0x0302)]
    [InlineData(0x0305)]
    public void A_wrong_selected_version(int version) => Fails(
        new ScriptedServer13 { HelloExtensions = Replace(43, Wire.U16(version)) }, FaultReason.VersionNotOffered, AlertDescription.IllegalParameter, 0x0304, (uint)version);

    [Fact]
    public void No_selected_version_is_TLS_1_2_with_a_suite_that_it_does_not_know() => Fails(
        new ScriptedServer13 { HelloExtensions = static list => list.RemoveAt(0) }, FaultReason.SuiteNotOffered, AlertDescription.IllegalParameter, 0, 0x1301);

    [Theory]
    [InlineData(0x1306)]
    [InlineData(0x1300)]
    [InlineData(0xC02B)]
    public void A_suite_that_was_not_offered(int suite) => Fails(
        new ScriptedServer13 { SuiteOnTheWire = (ushort)suite, SessionId = static _ => [] }, suite == 0xC02B ? FaultReason.ExtensionMisplaced : FaultReason.SuiteNotOffered,
        AlertDescription.IllegalParameter, suite == 0xC02B ? 2u : 0, suite == 0xC02B ? 43u : (uint)suite);

    [Fact]
    public void A_server_of_TLS_1_2_where_only_TLS_1_3_is_offered()
    {
        using var server = new ScriptedServer();
        ScriptedFault.Fails(
            server, FaultReason.VersionUnsupported, AlertDescription.ProtocolVersion, Phase.KeyShare13, 0x0304, 0x0303, new ScriptedClient { Profile = Scripted13.Only13 });
    }

    [Fact]
    public void Another_legacy_version() => Fails(
        new ScriptedServer13 { Version = 0x0304 }, FaultReason.VersionUnsupported, AlertDescription.ProtocolVersion, 0x0303, 0x0304);

    public static TheoryData<int> SessionIds => [0, 1, 31, 32];

    [Theory]
    [MemberData(nameof(SessionIds))]
    public void A_session_id_that_is_not_ours(int bytes) => Fails(
        new ScriptedServer13 { SessionId = sent => bytes == 32 ? [.. sent[..31], (byte)(sent[31] ^ 1)] : sent[..bytes] }, FaultReason.SessionIdMismatch, AlertDescription.IllegalParameter);

    [Fact]
    public void A_session_id_of_33_bytes() => Fails(
        new ScriptedServer13 { SessionId = static sent => [.. sent, 0] }, FaultReason.MessageMalformed, AlertDescription.DecodeError, 2);

    [Theory]
    [InlineData(ScriptedGroup.P256)]
    [InlineData(25)]
    [InlineData(0x6399)]
    public void A_share_of_another_group(int group) => Fails(
        new ScriptedServer13 { GroupOnTheWire = (ushort)group }, FaultReason.GroupNotOffered, AlertDescription.IllegalParameter, 29, (uint)group);

    [Theory]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(65)]
    public void A_share_of_another_length(int bytes) => Fails(
        new ScriptedServer13 { Share = _ => new byte[bytes] }, FaultReason.KeyShareInvalid, AlertDescription.IllegalParameter, 32, (uint)bytes);

    [Fact]
    public void A_share_that_leads_to_zero()
    {
        using var server = new ScriptedServer13 { Share = static _ => new byte[32] };
        Fails(server, FaultReason.KeyShareInvalid, null, phase: Phase.KeyAgreement13);
    }

    [Fact]
    public void A_share_off_its_curve()
    {
        using var server = new ScriptedServer13 { Group = ScriptedGroup.P256, Share = static share => [.. share[..64], (byte)(share[64] ^ 1)] };
        Fails(server, FaultReason.KeyShareInvalid, null, phase: Phase.KeyAgreement13);
    }

    [Fact]
    public void No_share() => Fails(
        new ScriptedServer13 { HelloExtensions = static list => list.RemoveAt(1) }, FaultReason.ExtensionMissing, AlertDescription.MissingExtension, 2, 51);

    [Theory]
    [InlineData(43)]
    [InlineData(51)]
    public void An_extension_twice(int type) => Fails(
        new ScriptedServer13 { HelloExtensions = list => list.Add(list.Single(e => e.Type == type)) }, FaultReason.DuplicateHelloExtension, AlertDescription.IllegalParameter, 0, (uint)type);

    [Theory]
    [InlineData(35)]
    [InlineData(41)]
    [InlineData(42)]
    [InlineData(16)]
    [InlineData(0x2A2A)]
    public void An_extension_that_was_not_offered(int type) => Fails(
        new ScriptedServer13 { HelloExtensions = list => list.Add((type, [])) }, FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, 0, (uint)type);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(23)]
    [InlineData(44)]
    [InlineData(0xFF01)]
    public void An_extension_that_belongs_elsewhere(int type) => Fails(
        new ScriptedServer13 { HelloExtensions = list => list.Add((type, [0, 1, 0])) }, FaultReason.ExtensionMisplaced, AlertDescription.IllegalParameter, 2, (uint)type);

    [Theory]
    [InlineData(43, new byte[] { 3 })]
    [InlineData(43, new byte[] { 3, 4, 0 })]
    [InlineData(51, new byte[] { 0, 29 })]
    [InlineData(51, new byte[] { 0, 29, 0, 31, 0 })]
    public void An_extension_that_is_malformed(int type, byte[] data) => Fails(
        new ScriptedServer13 { HelloExtensions = Replace(type, data) }, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, 0, (uint)type);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_downgrade_that_the_server_s_random_tells_of(byte version)
    {
        byte[] random = [.. new byte[24], .. "DOWNGRD"u8, version];
        using var server = new ScriptedServer { Messages = { [Wire.ServerHello] = m => [.. m[..6], .. random, .. m[38..]] } };
        ScriptedFault.Fails(
            server, FaultReason.DowngradeDetected, AlertDescription.IllegalParameter, Phase.KeyShare13, 0, version, new ScriptedClient { Profile = Scripted13.Both });
        using var older = new ScriptedServer { Messages = { [Wire.ServerHello] = m => [.. m[..6], .. random, .. m[38..]] } };
        ScriptedClient client = new ScriptedClient().Prepare();
        client.Handshake(default);
        client.Handshake(older.Answer([.. client.Output]));
        Assert.NotEqual(FaultReason.DowngradeDetected, client.Fault.Reason); // a client of TLS 1.2 only does not look there
    }

    [Fact]
    public void TLS_1_2_that_echoes_our_session_id()
    {
        ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both }.Prepare();
        client.Handshake(default);
        byte[] sent = [.. client.Output[(5 + 4 + 35)..(5 + 4 + 35 + 32)]];
        using var server = new ScriptedServer { SessionId = sent };
        client.Handshake(server.Answer([.. client.Output]));
        Assert.Equal(FaultReason.SessionIdMismatch, client.Fault.Reason);
    }

    [Fact]
    public void A_second_retry() => Fails(
        new ScriptedServer13 { Cookie = [1], Retries = 2 }, FaultReason.SecondHelloRetryRequest, AlertDescription.UnexpectedMessage);

    [Fact]
    public void A_retry_that_asks_for_nothing() => Fails(
        new ScriptedServer13 { Cookie = [1], RetryExtensions = static list => list.RemoveAt(1) }, FaultReason.RetryChangesNothing, AlertDescription.IllegalParameter);

    [Fact]
    public void A_retry_that_asks_for_the_group_it_has() => Fails(
        new ScriptedServer13 { Cookie = [1], RetryExtensions = static list => list.Add((51, [0, 29])) }, FaultReason.RetryChangesNothing, AlertDescription.IllegalParameter, 29, 29);

    [Theory]
    [InlineData(25)]
    [InlineData(0)]
    public void A_retry_that_asks_for_a_group_that_was_not_offered(int group) => Fails(
        new ScriptedServer13 { Cookie = [1], RetryExtensions = list => list.Add((51, Wire.U16(group))) }, FaultReason.GroupNotOffered, AlertDescription.IllegalParameter, 0, (uint)group);

    [Fact]
    public void A_retry_without_version() => Fails(
        new ScriptedServer13 { Cookie = [1], RetryExtensions = static list => list.RemoveAt(0) }, FaultReason.SuiteNotOffered, AlertDescription.IllegalParameter, 0, 0x1301);

    [Fact]
    public void Another_suite_than_in_the_retry() => Fails(
        new ScriptedServer13 { Cookie = [1], RetrySuite = 0x1303 }, FaultReason.SuiteChangedAfterRetry, AlertDescription.IllegalParameter, 0x1303, 0x1301);

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 2, 1 })]
    public void A_cookie_that_is_malformed(byte[] data) => Fails(
        new ScriptedServer13 { Cookie = [1], RetryExtensions = Replace(44, data) }, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, 0, 44);

    [Theory]
    [InlineData(16_000)]
    [InlineData(900)]
    public void A_cookie_that_is_too_long(int bytes)
    {
        using var server = new ScriptedServer13 { Cookie = new byte[bytes] };
        ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both }.Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        Assert.Equal((FaultReason.CookieTooLong, (uint)bytes), (client.Fault.Reason, client.Fault.Actual));
        Assert.InRange(client.Fault.Expected, 1u, 1100u);
    }

    [Fact]
    public void A_cookie_in_server_hello_of_a_connection_that_was_retried() => Fails(
        new ScriptedServer13 { Cookie = [1], HelloExtensions = static list => list.Add((44, [0, 1, 1])) }, FaultReason.ExtensionMisplaced, AlertDescription.IllegalParameter, 2, 44);

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void A_server_hello_with_more_behind_it_in_its_record(int bytes) => Fails(
        new ScriptedServer13 { HelloRecords = hello => Wire.Record(Wire.Handshake, [.. hello, .. new byte[bytes]]) }, FaultReason.MessageAcrossKeyChange, null);

    [Fact]
    public void A_retry_with_more_behind_it_in_its_record() => Fails(
        new ScriptedServer13 { Cookie = [1], HelloRecords = static hello => Wire.Record(Wire.Handshake, [.. hello, 2]) }, FaultReason.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);

    [Fact]
    public void Every_server_hello_that_ends_early_is_malformed()
    {
        int bytes = 2 + 32 + 33 + 3 + 2 + 6 + 8 + 32;
        for (int kept = 0; kept < bytes; kept++)
        {
            using var server = new ScriptedServer13 { Messages = { [Wire.ServerHello] = ScriptedServer.Body(body => body[..kept]) } };
            ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both }.Prepare();
            client.Handshake(default);
            client.Handshake(server.Answer([.. client.Output]));
            Assert.Equal((kept, kept == 70 ? FaultReason.SuiteNotOffered : FaultReason.MessageMalformed), (kept, client.Fault.Reason));
        }
    }

    private static Action<List<(int Type, byte[] Data)>> Replace(int type, byte[] data) => list =>
    {
        int at = list.FindIndex(e => e.Type == type);
        list[at] = (type, data);
    };

    /// <summary>With an alert, all is judged before there are keys on either side, so that it goes out in the clear; without, it does not matter here what the server makes of it.</summary>
    private static void Fails(ScriptedServer13 server, FaultReason reason, AlertDescription? alert, uint expected = 0, uint actual = 0, Phase phase = Phase.KeyShare13)
    {
        using (server)
        {
            ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both }.Prepare();
            client.Handshake(default);
            TlsStatus status = TlsStatus.NeedMoreData;
            for (int heard = 0; status == TlsStatus.NeedMoreData && heard < client.Output.Count;)
            {
                byte[] answer = server.Answer([.. client.Output[heard..]]);
                heard = client.Output.Count;
                status = client.Handshake(answer);
            }

            Fault fault = client.Fault;
            Assert.Equal((TlsStatus.Faulted, reason, expected, actual, phase), (status, fault.Reason, fault.Expected, fault.Actual, fault.Phase));
            if (alert is AlertDescription description)
            {
                Assert.Equal((byte)description, fault.Alert);
                Assert.Equal(Wire.Record(Wire.Alert, [2, (byte)description]), client.Output[^7..]);
            }

            ScriptedFault.StaysFaulted(client);
            ScriptedFault.AssertWiped(client);
        }
    }
}
