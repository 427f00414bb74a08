using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Every way in which the protected part of the handshake can be wrong, each with its own fault and an alert under the handshake's keys.</summary>
public sealed class Scripted13FlightFaultTests
{
    private const byte EncryptedExtensions = 8;

    [Theory]
    [InlineData(35)]
    [InlineData(16)]
    [InlineData(29)]
    [InlineData(0x1A1A)]
    public void An_encrypted_extension_that_was_not_offered(int type) => Scripted13.Fails(
        With(list => list.Add((type, []))), FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, Phase.Certificates13, 0, (uint)type);

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(23)]
    [InlineData(43)]
    [InlineData(51)]
    public void An_encrypted_extension_that_belongs_elsewhere(int type) => Scripted13.Fails(
        With(list => list.Add((type, []))), FaultReason.ExtensionMisplaced, AlertDescription.IllegalParameter, Phase.Certificates13, EncryptedExtensions, (uint)type);

    [Fact]
    public void An_encrypted_extension_twice() => Scripted13.Fails(
        With(static list => list.AddRange([(0, []), (0, [])])), FaultReason.DuplicateHelloExtension, AlertDescription.IllegalParameter, Phase.Certificates13, 0, 0);

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 0, 4, 0, 0, 0, 1 })]
    [InlineData(new byte[] { 0, 0, 0 })]
    public void Encrypted_extensions_that_do_not_add_up(byte[] body) => Scripted13.Fails(
        Changed(EncryptedExtensions, _ => body), FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Certificates13, EncryptedExtensions);

    [Theory]
    [InlineData(EncryptedExtensions, Wire.Finished)]
    [InlineData(Wire.Certificate, 0)]
    public void A_message_out_of_turn(byte at, byte type) => Scripted13.Fails(
        new ScriptedServer13 { Messages = { [at] = m => [type, .. m[1..]] } }, FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Certificates13,
        at == Wire.Certificate ? 13u : at, type);

    [Fact]
    public void No_certificate_verify() => Scripted13.Fails(
        new ScriptedServer13 { Flight = static (server, m) => Wire.Join(m.Where(static x => x[0] != Wire.CertificateVerify).Select(x => server.Seal(Wire.Handshake, x))) },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.ServerVerify13, Wire.CertificateVerify, Wire.Finished);

    [Fact]
    public void A_second_certificate_request() => Scripted13.Fails(
        new ScriptedServer13 { AsksForCertificate = true, Flight = static (server, m) => Wire.Join(((byte[][])[m[0], m[1], m[1]]).Select(x => server.Seal(Wire.Handshake, x))) },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Certificates13, Wire.Certificate, Wire.CertificateRequest);

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    public void A_context_with_the_server_s_certificate(int bytes) => Scripted13.Fails(
        new ScriptedServer13 { Context = new byte[bytes] }, FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Certificates13, Wire.Certificate);

    [Theory]
    [InlineData(new byte[] { 0, 5, 0, 0 }, FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, 0, 5)]
    [InlineData(new byte[] { 0, 18, 0, 1, 9 }, FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, 0, 18)]
    [InlineData(new byte[] { 0, 5, 0 }, FaultReason.MessageMalformed, AlertDescription.DecodeError, Wire.Certificate, 0)]
    public void An_extension_with_a_certificate(byte[] list, FaultReason reason, AlertDescription alert, uint expected, uint actual) => Scripted13.Fails(
        new ScriptedServer13 { EntryExtensions = list }, reason, alert, Phase.Certificates13, expected, actual);

    [Fact]
    public void No_certificate() => Scripted13.Fails(
        Changed(Wire.Certificate, static _ => [0, 0, 0, 0]), FaultReason.CertificateMissing, AlertDescription.DecodeError, Phase.Certificates13);

    [Fact]
    public void Every_certificate_message_that_ends_early_is_malformed_or_a_bad_certificate()
    {
        byte[] whole = [];
        using (var server = Changed(Wire.Certificate, body => whole = body))
        {
            Scripted13.Connected(server);
        }

        foreach (int kept in Enumerable.Range(0, whole.Length).Where(static i => i < 12 || i % 37 == 0).Append(whole.Length - 1).Append(whole.Length - 2))
        {
            using ScriptedServer13 server = Changed(Wire.Certificate, body => body[..kept]);
            ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both }.Prepare();
            Assert.Equal(TlsStatus.Faulted, client.Connect(server));
            Assert.Equal((kept, FaultReason.MessageMalformed), (kept, client.Fault.Reason));
        }
    }

    [Theory]
    [InlineData(0x0503)]
    [InlineData(0x0603)]
    [InlineData(0x0401)]
    [InlineData(0x0804)]
    [InlineData(0x0807)]
    [InlineData(0)]
    public void A_scheme_that_does_not_fit_the_key_or_TLS_1_3(int scheme) => Scripted13.Fails(
        new ScriptedServer13 { SchemeOnTheWire = scheme }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerVerify13, 0, (uint)scheme);

    [Fact]
    public void Pkcs1_in_certificate_verify()
    {
        ScriptedIdentity rsa = ScriptedIdentity.Of("RSA-2048");
        Scripted13.Fails(
            new ScriptedServer13 { Identity = rsa, Scheme = 0x0401 }, FaultReason.SignatureSchemeNotOffered, AlertDescription.IllegalParameter, Phase.ServerVerify13, 0, 0x0401,
            new ScriptedClient { Profile = Scripted13.Both, Image = rsa.Image(null) });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(73)]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(129)]
    public void A_signature_over_something_else(int at) => Scripted13.Fails(
        new ScriptedServer13 { SignedBytes = bytes => Flipped(bytes, at) }, FaultReason.CertificateVerifyInvalid, AlertDescription.DecryptError, Phase.ServerVerify13);

    [Fact]
    public void A_signature_of_the_client_s_context() => Scripted13.Fails(
        new ScriptedServer13 { SignedBytes = static bytes => [.. bytes[..73], .. "client"u8, .. bytes[79..]] },
        FaultReason.CertificateVerifyInvalid, AlertDescription.DecryptError, Phase.ServerVerify13);

    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    public void A_signature_of_no_or_too_great_length(int bytes)
    {
        using var server = new ScriptedServer13 { Signature = _ => new byte[bytes] };
        ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both }.Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        Assert.Equal((FaultReason.CertificateVerifyInvalid, (uint)bytes), (client.Fault.Reason, client.Fault.Actual));
    }

    [Fact]
    public void A_finished_that_is_wrong_in_any_byte()
    {
        for (int at = 0; at < 48; at += 5)
        {
            Scripted13.Fails(
                new ScriptedServer13 { Suite = ScriptedKeys13.Aes256, VerifyData = data => Flipped(data, at) }, FaultReason.FinishedMismatch, AlertDescription.DecryptError, Phase.ServerVerify13);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_finished_of_another_length(int bytes) => Scripted13.Fails(
        new ScriptedServer13 { VerifyData = _ => new byte[bytes] }, FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.ServerVerify13, Wire.Finished, (uint)bytes);

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void A_finished_with_more_behind_it_in_its_record(int bytes) => Scripted13.Fails(
        new ScriptedServer13
        {
            Flight = (server, m) => Wire.Join(m.Select((x, i) => server.Seal(Wire.Handshake, i == m.Count - 1 ? [.. x, .. new byte[bytes]] : x))),
        },
        FaultReason.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage, Phase.ServerVerify13);

    [Theory]
    [InlineData(new byte[0], FaultReason.ExtensionMissing, AlertDescription.MissingExtension, Wire.CertificateRequest, 13)]
    [InlineData(new byte[] { 0, 13, 0, 4, 0, 2, 4, 3, 0, 13, 0, 4, 0, 2, 4, 3 }, FaultReason.DuplicateHelloExtension, AlertDescription.IllegalParameter, 0, 13)]
    [InlineData(new byte[] { 0, 13, 0, 2, 0, 0 }, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, 0, 13)]
    [InlineData(new byte[] { 0, 13, 0, 5, 0, 3, 4, 3, 4 }, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, 0, 13)]
    [InlineData(new byte[] { 0, 13, 0, 4, 0, 4, 4, 3 }, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, 0, 13)]
    [InlineData(new byte[] { 0, 47, 0, 9, 0 }, FaultReason.MessageMalformed, AlertDescription.DecodeError, Wire.CertificateRequest, 0)]
    public void A_certificate_request_that_is_wrong(byte[] extensions, FaultReason reason, AlertDescription alert, uint expected, uint actual) => Scripted13.Fails(
        new ScriptedServer13 { AsksForCertificate = true, Messages = { [Wire.CertificateRequest] = _ => Wire.Message(Wire.CertificateRequest, [0, .. Wire.Vector16(extensions)]) } },
        reason, alert, Phase.Certificates13, expected, actual);

    [Fact]
    public void A_certificate_request_with_a_context() => Scripted13.Fails(
        new ScriptedServer13 { AsksForCertificate = true, Messages = { [Wire.CertificateRequest] = ScriptedServer.Body(static body => [1, 7, .. body[1..]]) } },
        FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Certificates13, Wire.CertificateRequest);

    [Theory]
    [InlineData("P-256", new[] { 0x0503, 0x0603, 0x0804 }, 3)]
    [InlineData("RSA-2048", new[] { 0x0401, 0x0501, 0x0403 }, 3)]
    public void No_scheme_that_our_key_can_make(string kind, int[] schemes, uint count) => Scripted13.Fails(
        new ScriptedServer13 { AsksForCertificate = true, RequestedSchemes = schemes }, FaultReason.NoCommonSignatureScheme, AlertDescription.HandshakeFailure, Phase.Certificates13,
        0, count, new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image(kind) });

    [Theory]
    [InlineData(Wire.Alert)]
    [InlineData(Wire.ApplicationData)]
    [InlineData(Wire.ChangeCipherSpec)]
    public void Another_record_between_the_parts_of_a_message(byte type) => Scripted13.Fails(
        new ScriptedServer13
        {
            Flight = (server, m) =>
            [
                .. server.Seal(Wire.Handshake, m[0][..3]),
                .. type == Wire.ChangeCipherSpec ? Wire.Record(type, [1]) : server.Seal(type, [1, 90]),
                .. server.Seal(Wire.Handshake, m[0][3..]),
            ],
        },
        FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, Phase.Certificates13, 0, type);

    [Theory]
    [InlineData(Wire.Handshake)]
    [InlineData(Wire.Alert)]
    public void A_record_in_the_clear_where_keys_are_there(byte type) => Scripted13.Fails(
        new ScriptedServer13 { Flight = (_, m) => Wire.Record(type, m[0]) }, FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, Phase.Certificates13, 0, type);

    [Theory]
    [InlineData(new byte[] { 2 }, 1, 2)]
    [InlineData(new byte[] { 1, 1 }, 1, 2)]
    [InlineData(new byte[0], 1, 0)]
    public void A_change_cipher_spec_that_is_not_the_byte_1(byte[] content, uint expected, uint actual) => Scripted13.Fails(
        new ScriptedServer13 { Flight = (_, _) => Wire.Record(Wire.ChangeCipherSpec, content) }, FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, Phase.Certificates13,
        expected, actual);

    [Fact]
    public void Change_cipher_spec_without_end() => Scripted13.Fails(
        new ScriptedServer13 { Flight = static (_, _) => Wire.Join(Enumerable.Repeat(Wire.Record(Wire.ChangeCipherSpec, [1]), 17)) },
        FaultReason.Flood, AlertDescription.UnexpectedMessage, Phase.Certificates13, 16, 17);

    [Fact]
    public void Change_cipher_spec_before_the_server_s_hello()
    {
        ScriptedClient client = new ScriptedClient { Profile = Scripted13.Both }.Prepare();
        client.Handshake(default);
        Assert.Equal(TlsStatus.Faulted, client.Handshake(Wire.Record(Wire.ChangeCipherSpec, [1])));
        Assert.Equal(FaultReason.ChangeCipherSpecInvalid, client.Fault.Reason);
    }

    [Theory]
    [InlineData(2, 40)]
    [InlineData(1, 40)]
    [InlineData(7, 112)]
    [InlineData(1, 0)]
    public void An_alert_in_the_handshake_ends_it_whatever_its_level(byte level, byte description) => Scripted13.Fails(
        new ScriptedServer13 { Flight = (server, _) => server.Seal(Wire.Alert, [level, description]) }, FaultReason.AlertReceived, null, Phase.Certificates13, 0, description);

    [Fact]
    public void User_canceled_without_end() => Scripted13.Fails(
        new ScriptedServer13 { Flight = static (server, _) => Wire.Join(Enumerable.Range(0, 17).Select(_ => server.Seal(Wire.Alert, [1, 90]))) },
        FaultReason.Flood, AlertDescription.UnexpectedMessage, Phase.Certificates13, 16, 17);

    [Fact]
    public void An_empty_handshake_record() => Scripted13.Fails(
        new ScriptedServer13 { Flight = static (server, _) => server.Seal(Wire.Handshake, []) }, FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, Phase.Certificates13, 0, 22);

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void A_record_of_zeros(int bytes) => Scripted13.Fails(
        new ScriptedServer13 { Flight = (server, _) => server.Seal(0, new byte[bytes]) }, FaultReason.ContentTypeMissing, AlertDescription.UnexpectedMessage, Phase.Certificates13);

    [Theory]
    [InlineData(Wire.ChangeCipherSpec)]
    [InlineData(24)]
    [InlineData(255)]
    public void A_type_that_may_not_be_protected(byte type) => Scripted13.Fails(
        new ScriptedServer13 { Flight = (server, _) => server.Seal(type, [1]) }, FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, Phase.Certificates13, 0, type);

    [Fact]
    public void Application_data_before_the_handshake_is_over() => Scripted13.Fails(
        new ScriptedServer13 { Flight = static (server, _) => server.Seal(Wire.ApplicationData, [1]) }, FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, Phase.Certificates13, 0, 23);

    [Fact]
    public void A_record_that_was_altered_in_any_byte()
    {
        byte[] record = [];
        using (var server = new ScriptedServer13 { Flight = (s, m) => Wire.Join(m.Select((x, i) => { byte[] made = s.Seal(Wire.Handshake, x); record = i == 0 ? made : record; return made; })) })
        {
            Scripted13.Connected(server);
        }

        for (int at = 5; at < record.Length; at++)
        {
            Scripted13.Fails(
                new ScriptedServer13 { Flight = (s, m) => Flipped(s.Seal(Wire.Handshake, m[0]), at) }, FaultReason.BadRecordMac, AlertDescription.BadRecordMac, Phase.Certificates13);
        }
    }

    [Theory]
    [InlineData(16_641, FaultReason.RecordOverflow, AlertDescription.RecordOverflow, 16_640, 16_641)]
    [InlineData(8_192 + 18, FaultReason.BadRecordMac, AlertDescription.BadRecordMac, 0, 0)]
    [InlineData(16_640, FaultReason.BadRecordMac, AlertDescription.BadRecordMac, 0, 0)]
    [InlineData(16, FaultReason.BadRecordMac, AlertDescription.BadRecordMac, 0, 16)]
    public void Records_of_lengths_that_cannot_be(int fragmentBytes, FaultReason reason, AlertDescription alert, uint expected, uint actual) => Scripted13.Fails(
        new ScriptedServer13 { Flight = (_, _) => Wire.Record(Wire.ApplicationData, new byte[fragmentBytes]) }, reason, alert, Phase.Certificates13, expected, actual);

    private static ScriptedServer13 With(Action<List<(int Type, byte[] Data)>> change) => new() { EncryptedExtensions = change };

    private static ScriptedServer13 Changed(byte type, Func<byte[], byte[]> change) => new() { Messages = { [type] = ScriptedServer.Body(change) } };

    private static byte[] Flipped(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }
}
