using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Every way in which a server can be wrong about a PSK, each with its own fault (RFC 8446 §4.2.11).</summary>
public sealed class Resumption13FaultTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(0xFFFF)]
    public void An_identity_that_was_not_offered(int identity)
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        Resuming13.Fails(new ScriptedServer13 { KeyOf = Resuming13.Knows(key), SelectedIdentity = identity }, Resuming13.Client(session), FaultReason.PskIdentityNotOffered, 0, (uint)identity);
    }

    [Fact]
    public void A_key_where_none_was_offered() => Resuming13.Fails(
        new ScriptedServer13 { HelloExtensions = static list => list.Add((41, [0, 0])) }, Resuming13.Client(), FaultReason.ExtensionNotOffered, 0, 41, AlertDescription.UnsupportedExtension);

    [Fact]
    public void A_key_that_was_dropped_for_the_retry()
    {
        (byte[] session, _) = Resuming13.Session();
        int hellos = 0;
        var server = new ScriptedServer13 { Suite = ScriptedKeys13.Aes256, Group = ScriptedGroup.P256, HelloExtensions = list => list.AddRange(hellos++ == 0 ? [(41, [0, 0])] : []) };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.ExtensionNotOffered, 0, 41, AlertDescription.UnsupportedExtension);
    }

    [Fact]
    public void A_suite_of_another_hash()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        Resuming13.Fails(new ScriptedServer13 { KeyOf = Resuming13.Knows(key), SuiteOnTheWire = ScriptedKeys13.Aes256 }, Resuming13.Client(session), FaultReason.PskHashMismatch, 256, 0x1302);
    }

    [Fact]
    public void A_session_without_a_key_agreement()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        Resuming13.Fails(new ScriptedServer13 { KeyOf = Resuming13.Knows(key), WithoutShare = true }, Resuming13.Client(session), FaultReason.PskModeNotOffered, 2, 1);
    }

    [Fact]
    public void A_key_agreement_where_the_key_alone_was_offered() => Resuming13.Fails(
        new ScriptedServer13 { KeyOf = Resuming13.Shares(), KeyIsShared = true }, Resuming13.SharingClient(Resuming13.Profile with { PskModes = PskModes.Psk }), FaultReason.PskModeNotOffered, 1, 2);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_selection_of_another_length(int bytes)
    {
        (byte[] session, _) = Resuming13.Session();
        var server = new ScriptedServer13 { HelloExtensions = list => list.Add((41, new byte[bytes])) };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.HelloExtensionMalformed, 0, 41, AlertDescription.DecodeError);
    }

    [Fact]
    public void A_selection_made_twice()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        var server = new ScriptedServer13 { KeyOf = Resuming13.Knows(key), HelloExtensions = static list => list.Add((41, [0, 0])) };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.DuplicateHelloExtension, 0, 41);
    }

    [Fact]
    public void A_selection_in_a_retry()
    {
        (byte[] session, _) = Resuming13.Session();
        var server = new ScriptedServer13 { Cookie = [1], RetryExtensions = static list => list.Add((41, [0, 0])) };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.ExtensionMisplaced, 2, 41);
    }

    [Fact]
    public void Modes_in_a_hello_of_the_server() => Resuming13.Fails(
        new ScriptedServer13 { HelloExtensions = static list => list.Add((45, [1, 1])) }, Resuming13.Client(), FaultReason.ExtensionMisplaced, 2, 45);

    [Fact]
    public void A_selection_in_EncryptedExtensions()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        var server = new ScriptedServer13 { KeyOf = Resuming13.Knows(key), EncryptedExtensions = static list => list.Add((41, [0, 0])) };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.ExtensionMisplaced, 8, 41, phase: Phase.Certificates13);
    }

    [Theory]
    [InlineData(Wire.Certificate)]
    [InlineData(Wire.CertificateRequest)]
    [InlineData(Wire.CertificateVerify)]
    public void A_message_about_certificates_after_the_key(byte type)
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        var server = new ScriptedServer13
        {
            KeyOf = Resuming13.Knows(key),
            Flight = (server, messages) => Wire.Join(new List<byte[]> { messages[0], Wire.Message(type, new byte[40]), messages[1] }.Select(m => server.Seal(Wire.Handshake, m))),
        };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.UnexpectedMessage, 20, type, AlertDescription.UnexpectedMessage, Phase.ServerVerify13);
    }

    /// <summary>Whoever replays a ServerHello without the key cannot make a record of the flight.</summary>
    [Fact]
    public void A_server_that_does_not_know_the_key()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        bool asked = false;
        var server = new ScriptedServer13
        {
            KeyOf = Resuming13.Knows(key),
            HelloRecords = hello =>
            {
                asked = true;
                key.AsSpan().Fill(7); // the binder was right; what follows is made with another key
                return [.. Wire.Record(Wire.Handshake, hello), .. Wire.Record(Wire.ChangeCipherSpec, [1])];
            },
        };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.BadRecordMac, 0, 0, AlertDescription.BadRecordMac, Phase.Certificates13);
        Assert.True(asked);
    }

    [Fact]
    public void A_Finished_that_is_wrong()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        var server = new ScriptedServer13 { KeyOf = Resuming13.Knows(key), VerifyData = static data => [.. data[..31], (byte)(data[31] ^ 1)] };
        Resuming13.Fails(server, Resuming13.Client(session), FaultReason.FinishedMismatch, 0, 0, AlertDescription.DecryptError, Phase.ServerVerify13);
    }
}
