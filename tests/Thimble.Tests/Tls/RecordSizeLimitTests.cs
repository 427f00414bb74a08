using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>record_size_limit (RFC 8449), both ways and in both versions.</summary>
public sealed class RecordSizeLimitTests
{
    private const int Type = 28;

    [Theory]
    [InlineData(TlsVersions.Tls12, 512, 512)]
    [InlineData(TlsVersions.Tls13, 512, 513)] // the type behind the content counts
    [InlineData(TlsVersions.Tls12 | TlsVersions.Tls13, 512, 512)]
    [InlineData(TlsVersions.Tls12, 16_383, 16_383)]
    [InlineData(TlsVersions.Tls13, 16_383, 16_384)]
    [InlineData(TlsVersions.Tls12, 1, 64)] // no endpoint may ask for less
    [InlineData(TlsVersions.Tls13, 63, 64)]
    [InlineData(TlsVersions.Tls12 | TlsVersions.Tls13, 16_384, null)]
    public void What_the_window_takes_is_asked_for(TlsVersions versions, int window, int? limit)
    {
        ScriptedClient client = Client(versions, window).Prepare();
        client.Handshake(default);
        Assert.Equal(limit is int bytes ? Wire.U16(bytes) : null, Offered([.. client.Output]).GetValueOrDefault(Type));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(1_023)]
    [InlineData(1_024)]
    [InlineData(1_025)]
    [InlineData(16_386)] // more than any record has is no fault of a server
    [InlineData(65_535)]
    public void The_server_s_limit_binds_what_we_send(int limit)
    {
        byte[] data = new byte[5_000];
        using ScriptedServer server = Server12(limit);
        ScriptedClient client = Client(TlsVersions.Tls12, 512, "P-256").Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        client.Output.Clear();
        Assert.Equal(TlsStatus.Complete, client.Write(data));
        server.Answer([.. client.Output]);
        Assert.Equal((data.Length, Math.Min(limit, 1_024)), (server.ReceivedData.Length, server.Received.Max(static r => r.Content.Length)));

        using ScriptedServer13 later = Server13(limit);
        client = Client(TlsVersions.Tls13, 512, "P-256").Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(later));
        client.Output.Clear();
        Assert.Equal(TlsStatus.Complete, client.Write(data));
        later.Answer([.. client.Output]);
        Assert.True(later.SawCertificateVerify);
        Assert.Equal((data.Length, Math.Min(limit - 1, 1_024)), (later.ReceivedData.Length, later.Received.Max(static r => r.Content.Length)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    public void A_limit_below_64_is_refused(int limit)
    {
        ScriptedFault.Fails(Server12(limit), FaultReason.RecordSizeLimitTooSmall, AlertDescription.IllegalParameter, Phase.Hello, 64, (uint)limit);
        Scripted13.Fails(Server13(limit), FaultReason.RecordSizeLimitTooSmall, AlertDescription.IllegalParameter, Phase.Certificates13, 64, (uint)limit);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 64 })]
    [InlineData(new byte[] { 2, 0, 0 })]
    public void A_limit_of_another_form_is_malformed(byte[] data)
    {
        ScriptedFault.Fails(
            new ScriptedServer { Extensions = list => list.Add((Type, data)) }, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, Phase.Hello, 0, Type);
        Scripted13.Fails(
            new ScriptedServer13 { EncryptedExtensions = list => list.Add((Type, data)) }, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, Phase.Certificates13, 0, Type);
    }

    [Fact]
    public void Both_limits_in_one_answer_are_refused_whichever_comes_first()
    {
        foreach ((int, byte[])[] both in new (int, byte[])[][] { [(1, [4]), (Type, [2, 0])], [(Type, [2, 0]), (1, [4])] })
        {
            ScriptedFault.Fails(
                new ScriptedServer { Extensions = list => list.AddRange(both) }, FaultReason.TwoRecordLimits, AlertDescription.IllegalParameter, Phase.Hello,
                client: new ScriptedClient { Profile = ScriptedClient.Everything with { InWindowBytes = 4096 } });
            Scripted13.Fails(
                new ScriptedServer13 { EncryptedExtensions = list => list.AddRange(both) }, FaultReason.TwoRecordLimits, AlertDescription.IllegalParameter, Phase.Certificates13);
        }
    }

    [Fact]
    public void It_was_not_offered_where_the_window_takes_all() => ScriptedFault.Fails(
        Server12(512), FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, Phase.Hello, 0, Type,
        new ScriptedClient { Profile = ScriptedClient.Everything with { InWindowBytes = 16_384 } });

    [Fact]
    public void In_TLS_1_3_it_has_its_place_in_EncryptedExtensions() => Scripted13.Fails(
        new ScriptedServer13 { EncryptedExtensions = static list => list.AddRange([(Type, [2, 0]), (Type, [2, 0])]) },
        FaultReason.DuplicateHelloExtension, AlertDescription.IllegalParameter, Phase.Certificates13, 0, Type);

    [Theory]
    [InlineData(512)]
    [InlineData(20)] // asked for 64: what lies between passes in pieces
    public void Once_it_is_echoed_a_larger_record_overflows_at_its_header(int window)
    {
        int limit = Math.Max(window, 64);
        (ScriptedClient client, ScriptedServer server) = (Client(TlsVersions.Tls12, window).Prepare(), Server12(512));
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        client.Output.Clear();
        ReadsProvisionally(client, server.Seal(Wire.ApplicationData, new byte[limit]), limit);
        byte[] larger = server.Seal(Wire.ApplicationData, new byte[limit + 1]);
        ScriptedFault.ReadFails(client, server, larger[..5], FaultReason.RecordOverflow, AlertDescription.RecordOverflow, (uint)limit, (uint)limit + 1);

        limit = Math.Max(window + 1, 64);
        (client, ScriptedServer13 later) = (Client(TlsVersions.Tls13, window).Prepare(), Server13(512));
        Assert.Equal(TlsStatus.Complete, client.Connect(later));
        client.Output.Clear();
        ReadsProvisionally(client, later.Seal(Wire.ApplicationData, new byte[limit - 1]), limit - 1);
        ReadsProvisionally(client, later.Seal(Wire.ApplicationData, [1], limit - 2), 1);
        larger = later.Seal(Wire.ApplicationData, [1], limit - 1); // padding counts
        Scripted13.ReadFails(client, later, larger[..5], FaultReason.RecordOverflow, AlertDescription.RecordOverflow, (uint)limit, (uint)limit + 1);
    }

    [Fact]
    public void Without_an_echo_larger_records_pass_as_ever()
    {
        (ScriptedClient client, ScriptedServer server) = (Client(TlsVersions.Tls12, 512).Prepare(), new ScriptedServer());
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        ReadsProvisionally(client, server.Seal(Wire.ApplicationData, new byte[16_384]), 16_384);
        (client, ScriptedServer13 later) = (Client(TlsVersions.Tls13, 512).Prepare(), new ScriptedServer13());
        Assert.Equal(TlsStatus.Complete, client.Connect(later));
        ReadsProvisionally(client, later.Seal(Wire.ApplicationData, new byte[16_384]), 16_384);
    }

    /// <summary>RFC 6066 §4 and the design: max_fragment_length is asked for and never relied upon.</summary>
    [Fact]
    public void A_server_that_agrees_to_max_fragment_length_and_breaks_it_is_borne()
    {
        (ScriptedClient client, ScriptedServer server) = (Client(TlsVersions.Tls12, 512).Prepare(), new ScriptedServer { MaxFragmentLength = 1 });
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        ReadsProvisionally(client, server.Seal(Wire.ApplicationData, new byte[4_096]), 4_096);
    }

    /// <summary>The limit holds for every record under seal (RFC 8449 §4), and it is known only within the one that echoes it: so at its tag (RULES 1).</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_very_record_that_echoes_it_is_held_to_it(bool flips)
    {
        using var server = new ScriptedServer13
        {
            EncryptedExtensions = static list => list.Add((Type, Wire.U16(512))),
            AsksForCertificate = true,
            RequestExtensions = static list => list.Add((0x1A1A, new byte[1_000])),
            Flight = (s, m) => { byte[] record = s.Seal(Wire.Handshake, Wire.Join(m)); record[^1] ^= (byte)(flips ? 1 : 0); return record; },
        };
        ScriptedClient client = Client(TlsVersions.Tls13, 512).Prepare();
        client.Handshake(default);
        byte[] answer = server.Answer([.. client.Output]);
        int total = answer.Length - Wire.Boundaries(answer)[^2] - 5 - 16;
        Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(answer.AsSpan(0, answer.Length - 1)));
        Assert.Equal(TlsStatus.Faulted, client.Handshake(answer.AsSpan(answer.Length - 1)));
        Assert.Equal(flips ? (FaultReason.BadRecordMac, 0u, 0u) : (FaultReason.RecordOverflow, 513u, (uint)total), (client.Fault.Reason, client.Fault.Expected, client.Fault.Actual));
        ScriptedFault.AssertWiped(client);
    }

    private static ScriptedServer Server12(int limit) => new() { Extensions = list => list.Add((Type, Wire.U16(limit))), AsksForCertificate = true };

    /// <summary>It keeps to the least limit itself.</summary>
    private static ScriptedServer13 Server13(int limit) => new()
    {
        EncryptedExtensions = list => list.Add((Type, Wire.U16(limit))),
        AsksForCertificate = true,
        Flight = static (s, m) => Wire.Join(Wire.Join(m).Chunk(63).Select(part => s.Seal(Wire.Handshake, part))),
    };

    private static ScriptedClient Client(TlsVersions versions, int window, string? key = null) => new()
    {
        Profile = ScriptedClient.Everything with { Versions = versions, InWindowBytes = window },
        Image = ScriptedIdentity.Of("P-256").Image(key),
        Provisional = true,
    };

    private static void ReadsProvisionally(ScriptedClient client, byte[] record, int bytes)
    {
        byte[] destination = new byte[20_000];
        int got = 0;
        ReadOnlySpan<byte> rest = record;
        TlsStatus status;
        do
        {
            status = client.Lens().Read(rest, destination, out int consumed, out int written);
            rest = rest[consumed..];
            got += written;
        }
        while (status is TlsStatus.Complete or TlsStatus.Provisional or TlsStatus.Committed);
        Assert.Equal((TlsStatus.NeedMoreData, FaultReason.None, bytes), (status, client.Fault.Reason, got));
    }

    private static Dictionary<int, byte[]> Offered(byte[] record)
    {
        byte[] body = record[9..];
        int at = 34;
        at += 1 + body[at];
        at += 2 + (body[at] << 8) + body[at + 1];
        at += 1 + body[at] + 2;
        var offered = new Dictionary<int, byte[]>();
        while (at < body.Length)
        {
            int length = (body[at + 2] << 8) + body[at + 3];
            offered.Add((body[at] << 8) + body[at + 1], body[(at + 4)..(at + 4 + length)]);
            at += 4 + length;
        }

        return offered;
    }
}
