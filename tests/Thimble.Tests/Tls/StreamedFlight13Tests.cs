using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>The server's flight of TLS 1.3 in one record that is larger than the window: read as it decrypts, believed at its tag.</summary>
public sealed class StreamedFlight13Tests
{
    private const int BallastBytes = 4_000;

    public static TheoryData<ushort> Suites => [ScriptedKeys13.Aes128, ScriptedKeys13.Aes256, ScriptedKeys13.ChaCha, ScriptedKeys13.Aes128Ccm, ScriptedKeys13.Aes128Ccm8];

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_whole_flight_in_one_record_passes_through_a_window_of_512_bytes(ushort suite)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(Coalesced(suite), Client());
        Assert.True(server.SawFinished && server.SawCertificateVerify);
        client.Read(server.Seal(Wire.ApplicationData, [1, 2, 3]));
        client.Write([4, 5]);
        server.Answer([.. client.Output]);
        Assert.Equal([1, 2, 3], client.Data);
        Assert.Equal([4, 5], server.ReceivedData);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(511)]
    public void Any_window_serves(int windowBytes)
    {
        foreach (ushort suite in new[] { ScriptedKeys13.Aes128, ScriptedKeys13.Aes128Ccm, ScriptedKeys13.Aes128Ccm8 })
        {
            (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(
                Coalesced(suite), new ScriptedClient { Profile = Streamed13.Windowed with { InWindowBytes = windowBytes }, Image = Image });
            Assert.Equal(FaultReason.None, client.Fault.Reason);
            Assert.True(server.SawFinished);
        }
    }

    [Fact]
    public void The_longest_record_there_is_may_carry_the_flight()
    {
        var server = new ScriptedServer13
        {
            AsksForCertificate = true,
            RequestExtensions = static e => e.Add((0x1A1A, new byte[14_000])),
            Flight = static (s, m) => { byte[] all = Wire.Join(m); return s.Seal(Wire.Handshake, all, 16_640 - 17 - all.Length); },
        };
        Scripted13.Connected(server, Client());
        Assert.True(server.SawFinished);
    }

    [Theory]
    [InlineData(ScriptedKeys13.Aes128)]
    [InlineData(ScriptedKeys13.Aes128Ccm8)]
    public void Every_split_of_it_gives_the_same_connection(ushort suite)
    {
        Scripted13Replay replay = Scripted13Replay.Record(Coalesced(suite), Client);
        Assert.Equal(replay.Outcome, replay.Play(replay.Whole.Chunk(1)));
        Assert.Equal(replay.Outcome, replay.Play(replay.Whole.Chunk(7)));
        int start = StartOfFlight(replay);
        for (int at = start; at < replay.Handshake.Length; at += 3)
        {
            Assert.Equal(replay.Outcome, replay.Play(ScriptedReplay.Cut(replay.Whole, at)));
        }
    }

    [Fact]
    public void Work_of_any_grain_gives_the_same_connection()
    {
        Scripted13Replay replay = Scripted13Replay.Record(Coalesced(), Client);
        Assert.Equal(replay.Outcome, ScriptedReplay.Play(new ScriptedClient { Profile = Streamed13.Windowed, Image = Image, Work = 1 }, replay.Whole.Chunk(300)).Outcome);
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_flip_of_any_byte_of_the_record_is_a_bad_tag_and_nothing_else(ushort suite)
    {
        Scripted13Replay replay = Scripted13Replay.Record(Coalesced(suite), Client);
        int start = StartOfFlight(replay);
        ScriptedClient client = Client().Prepare();
        client.Handshake(default);
        client.Handshake(replay.Handshake.AsSpan(0, start));
        int written = client.Output.Count;
        byte[] before = client.Memory.ToArray();
        byte[] record = replay.Handshake[start..];
        for (int at = 5; at < record.Length; at += suite == ScriptedKeys13.Aes128 ? 1 : 29)
        {
            before.CopyTo(client.Memory);
            byte bit = (byte)(1 << (at & 7));
            record[at] ^= bit;
            Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(record.AsSpan(0, record.Length - 1)));
            Assert.Equal((FaultReason.None, written), (client.Fault.Reason, client.Output.Count)); // nothing leaves before the tag
            Assert.True(client.Lens() is { FaultText.IsEmpty: true, SentClientCertificate: false, AlpnNegotiated: false });
            Assert.Equal(TlsStatus.Faulted, client.Handshake(record.AsSpan(record.Length - 1)));
            Assert.True(client.Lens() is { FaultText.IsEmpty: true, SentClientCertificate: false, AlpnNegotiated: false }); // nor behind a bad one
            Assert.Equal((FaultReason.BadRecordMac, (byte)20, 0u, 0u), (client.Fault.Reason, client.Fault.Alert, client.Fault.Expected, client.Fault.Actual));
            record[at] ^= bit;
            client.Output.RemoveRange(written, client.Output.Count - written);
        }

        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void Giving_up_within_a_record_ends_the_connection_whatever_the_record_said()
    {
        Scripted13Replay replay = Scripted13Replay.Record(Coalesced(ScriptedKeys13.Aes128), Client);
        int start = StartOfFlight(replay);
        byte[] record = replay.Handshake[start..];
        for (int at = 5; at < 1_200; at += 7)
        {
            ScriptedClient client = Client().Prepare();
            client.Handshake(default);
            client.Handshake(replay.Handshake.AsSpan(0, start));
            record[at] ^= 1;
            client.Handshake(record.AsSpan(0, 1_500)); // most of these changes make a fault that is held
            client.Lens().Close(new byte[64], out _);
            Assert.Equal(TlsStatus.Closed, client.Handshake(record.AsSpan(1_500)));
            Assert.Equal((FaultReason.None, true), (client.Fault.Reason, client.Lens().FaultText.IsEmpty));
            record[at] ^= 1;
        }
    }

    public static TheoryData<string, FaultReason> Wrongs => new()
    {
        { "name", FaultReason.NameMismatch }, { "signature", FaultReason.CertificateVerifyInvalid }, { "finished", FaultReason.FinishedMismatch },
        { "behind", FaultReason.MessageAcrossKeyChange }, { "extension", FaultReason.ExtensionNotOffered },
        { "order", FaultReason.UnexpectedMessage }, { "data", FaultReason.UnexpectedRecord }, { "alert", FaultReason.AlertMalformed },
    };

    /// <summary>RULES 1: the same fault as ever, but only behind a good tag.</summary>
    [Theory]
    [MemberData(nameof(Wrongs))]
    public void A_fault_in_the_record_waits_for_its_tag(string wrong, FaultReason reason)
    {
        foreach (bool flips in new[] { false, true })
        {
            ScriptedServer13 server = Wrong(wrong, flips);
            ScriptedClient client = new ScriptedClient { Profile = Streamed13.Windowed, Image = Image, ServerName = wrong == "name" ? "other.example.com" : "broker.example.com" }.Prepare();
            client.Handshake(default);
            byte[] answer = server.Answer([.. client.Output]);
            int written = client.Output.Count;
            Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(answer.AsSpan(0, answer.Length - 1)));
            Assert.Equal((FaultReason.None, written), (client.Fault.Reason, client.Output.Count));
            Assert.Equal(TlsStatus.Faulted, client.Handshake(answer.AsSpan(answer.Length - 1)));
            Assert.Equal(flips ? FaultReason.BadRecordMac : reason, client.Fault.Reason);
            ScriptedFault.StaysFaulted(client);
            ScriptedFault.AssertWiped(client);
        }
    }

    [Fact]
    public void A_record_of_padding_alone_has_no_type() => Fails(static s => s.Seal(0, new byte[2_000]), FaultReason.ContentTypeMissing, 0, 0);

    [Fact]
    public void A_long_record_without_content_is_no_handshake() => Fails(static s => s.Seal(Wire.Handshake, [], 2_000), FaultReason.UnexpectedRecord, 0, 22);

    [Fact]
    public void An_alert_behind_which_much_padding_stands_is_heard() => Fails(static s => s.Seal(Wire.Alert, [2, 40], 2_000), FaultReason.AlertReceived, 0, 40);

    [Fact]
    public void An_end_of_the_transport_within_the_record_is_an_abort()
    {
        Scripted13Replay replay = Scripted13Replay.Record(Coalesced(), Client);
        for (int left = 1; left < 4_500; left += 211)
        {
            ScriptedClient client = Client().Prepare();
            client.Handshake(default);
            client.Handshake(replay.Handshake.AsSpan(0, replay.Handshake.Length - left));
            Assert.Equal(TlsStatus.Faulted, client.SourceEnded());
            client.Flush();
            Assert.Equal(FaultReason.TruncatedByPeer, client.Fault.Reason);
            ScriptedFault.AssertWiped(client);
        }
    }

    [Fact]
    public void Poisoned_memory_gives_the_same_connection_within_the_plan()
    {
        Scripted13Replay replay = Scripted13Replay.Record(Coalesced(), Client);
        foreach (ushort poison in new ushort[] { 0, 0x5A, 0xFF3C })
        {
            (string outcome, ScriptedClient client) = ScriptedReplay.Play(new ScriptedClient { Profile = Streamed13.Windowed, Image = Image, Poison = poison }, replay.Whole.Chunk(61));
            Assert.Equal(replay.Outcome, outcome);
            MemoryPlan plan = client.Plan;
            Assert.True(client.Audit[(int)RegionId.InWindow] >= plan[RegionId.InWindow].Bytes * 9 / 10, "The window and what stands behind it are used.");
        }
    }

    private static byte[] Image => ScriptedIdentity.Of("P-256").Image("P-256");

    private static ScriptedClient Client() => new() { Profile = Streamed13.Windowed, Image = Image };

    private static ScriptedServer13 Coalesced(ushort suite = ScriptedKeys13.Aes128) => new()
    {
        Suite = suite,
        AsksForCertificate = true,
        RequestExtensions = static e => e.Add((0x1A1A, new byte[BallastBytes])),
        Flight = static (s, m) => s.Seal(Wire.Handshake, Wire.Join(m)),
    };

    private static ScriptedServer13 Wrong(string wrong, bool flips)
    {
        Func<ScriptedServer13, List<byte[]>, byte[]> seal = wrong switch
        {
            "behind" => static (s, m) => s.Seal(Wire.Handshake, [.. Wire.Join(m), 0]),
            "order" => static (s, m) => s.Seal(Wire.Handshake, Wire.Join([m[0], m[1], m[3], m[2], m[4]])),
            "data" => static (s, m) => s.Seal(Wire.ApplicationData, Wire.Join(m)),
            "alert" => static (s, m) => s.Seal(Wire.Alert, Wire.Join(m)),
            _ => static (s, m) => s.Seal(Wire.Handshake, Wire.Join(m)),
        };
        return new ScriptedServer13
        {
            AsksForCertificate = true,
            RequestExtensions = static e => e.Add((0x1A1A, new byte[BallastBytes])),
            EncryptedExtensions = wrong == "extension" ? static e => e.Add((0x3333, [])) : null,
            Signature = wrong == "signature" ? Flipped : static s => s,
            VerifyData = wrong == "finished" ? Flipped : static d => d,
            Flight = (s, m) => flips ? Flipped(seal(s, m)) : seal(s, m),
        };
    }

    private static void Fails(Func<ScriptedServer13, byte[]> record, FaultReason reason, uint expected, uint actual)
    {
        using var server = new ScriptedServer13 { Flight = (s, _) => record(s) };
        ScriptedClient client = Client().Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        Assert.Equal((reason, expected, actual), (client.Fault.Reason, client.Fault.Expected, client.Fault.Actual));
        ScriptedFault.AssertWiped(client);
    }

    private static int StartOfFlight(Scripted13Replay replay) => Wire.Boundaries(replay.Handshake)[^2];

    private static byte[] Flipped(byte[] bytes) => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];
}
