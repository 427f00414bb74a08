using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Collections.Generic;
using System.Text.Json;
using Thimble.Cli.Probe;
using Thimble.Crypto;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>The reader of a server's first flight: any split gives the same, no cut passes for the whole, and no flipped bit makes it fail otherwise than by saying so.</summary>
[Collection(PeerTests.Name)]
public sealed class ServerFlightTests(PeerPki pki)
{
    [Fact]
    public void A_flight_of_TLS_1_2_is_read_field_by_field()
    {
        ServerFacts facts = Read(Flights.Whole(16_384)).Facts;
        Assert.Equal((0x0303, 0xC02B, 23, 0x0403), ((int)facts.Version, (int)facts.Suite, (int)facts.Group, (int)facts.SignatureScheme));
        Assert.Equal((2, 77, true, true, true), (facts.Chain.Count, facts.StapleBytes, facts.ExtendedMasterSecret, facts.AnnouncesTicket, facts.NamesSession));
        Assert.Equal<IEnumerable<ushort>>([0x0403, 0x0804], facts.ClientRequest!.Schemes);
        Assert.Equal([0x30, 0], facts.ClientRequest.Authorities.Single());
    }

    [Theory]
    [InlineData(16_384)]
    [InlineData(100)]
    [InlineData(1)]
    public void Every_split_gives_the_same(int recordBytes)
    {
        byte[] bytes = Flights.Whole(recordBytes);
        string whole = Describe(Read(bytes));
        for (int split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(whole, Describe(Read(bytes[..split], bytes[split..])));
        }

        Assert.Equal(whole, Describe(Read([.. bytes.Select(value => new[] { value })])));
        Assert.StartsWith("Complete", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flight_that_is_cut_anywhere_is_not_complete()
    {
        byte[] bytes = Flights.Whole(300);
        for (int length = 0; length < bytes.Length; length++)
        {
            using ServerFlight flight = New();
            flight.Take(bytes.AsSpan(0, length));
            Assert.Equal(FlightEnd.None, flight.End);
            flight.Cut(FlightEnd.Closed);
            Assert.Equal(FlightEnd.Closed, flight.End);
        }
    }

    [Fact]
    public void No_flipped_bit_makes_it_throw()
    {
        byte[] bytes = Flights.Whole(300);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            using ServerFlight flight = Read(bytes);
            Assert.Equal(flight.End == FlightEnd.Malformed, flight.Problem is not null && flight.End != FlightEnd.NotTls);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(300)]
    [InlineData(16_384)]
    public void What_comes_behind_the_end_is_not_read(int recordBytes)
    {
        byte[] bytes = Flights.Whole(recordBytes);
        Assert.Equal(Describe(Read(bytes)), Describe(Read(bytes, new byte[100])));
    }

    [Fact]
    public void Memory_is_bounded_whatever_comes()
    {
        const int HelloBytes = 4 + 2 + 32 + 33 + 2 + 1 + 2 + 4 + 4;
        using ServerFlight flight = New();
        byte[] record = [22, 3, 3, 0x40, 0, .. new byte[16_384]];
        record[5] = 11; // a Certificate that is nearly as long as may be, and then more of them
        record[6] = 3;
        for (int i = 0; i < 1000; i++)
        {
            flight.Take(i == 0 ? Flights.Whole(HelloBytes)[..(5 + HelloBytes)] : record);
        }

        Assert.Equal(FlightEnd.Malformed, flight.End);
    }

    /// <summary>A real flight of TLS 1.3, for each suite and group that a profile can name, in all splits and cuts, and with every byte changed.</summary>
    [PeerTheory("openssl")]
    [InlineData("TLS_AES_128_GCM_SHA256", 0x1301, NamedGroup.X25519, "X25519")]
    [InlineData("TLS_AES_256_GCM_SHA384", 0x1302, NamedGroup.Secp384r1, "P-384")]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256", 0x1303, NamedGroup.Secp256r1, "P-256")]
    [InlineData("TLS_AES_128_CCM_SHA256", 0x1304, NamedGroup.Secp256r1, "P-256")]
    [InlineData("TLS_AES_128_CCM_8_SHA256", 0x1305, NamedGroup.Secp256r1, "P-256")]
    public void A_protected_flight_is_opened_and_no_changed_byte_of_it_passes(string name, int suite, NamedGroup group, string curve)
    {
        PeerIdentity identity = pki.Server("p256");
        using OpenSslServer server = OpenSslServer.Launch(identity, ["-rev", "-tls1_3", "-ciphersuites", name, "-groups", curve, "-Verify", "1", "-CAfile", pki.ClientRootFile]);
        HelloRecipe recipe = new() { Versions = [0x0304], Suites = [(ushort)suite], Groups = [(ushort)group], KeyShare = group, MaxFragmentLength = 1 };
        var share = new KeyShare(group);
        byte[] hello = HelloWriter.Write(recipe, new byte[32], share.PublicKey);
        byte[] bytes = Receive(server.Port, HelloWriter.Record(hello), recipe, hello, share);

        ServerFlight Of(params ReadOnlySpan<byte[]> pieces)
        {
            var flight = new ServerFlight(recipe, hello, share);
            foreach (byte[] piece in pieces)
            {
                flight.Take(piece);
            }

            return flight;
        }

        ServerFlight whole = Of(bytes);
        Assert.Equal(FlightEnd.Complete, whole.End);
        Assert.Equal(identity.Chain.Select(certificate => certificate.Der), whole.Facts.Chain);
        Assert.Equal((0x0403, 1, 1), (whole.Facts.SignatureScheme, whole.Facts.MaxFragmentLength, whole.Facts.ClientRequest!.Authorities.Count));
        int end = Enumerable.Range(1, bytes.Length).First(length => Of(bytes[..length]).End == FlightEnd.Complete);
        for (int at = 0; at < end; at += 7)
        {
            Assert.Equal(Describe(whole), Describe(Of(bytes[..at], bytes[at..])));
            byte[] changed = [.. bytes];
            changed[at] ^= 0x10;
            using ServerFlight flight = Of(changed);
            bool isPadding = flight.End == FlightEnd.Complete; // only where no tag covers it: version of a record in the clear, random, session id
            Assert.True(!isPadding || at < 5 + 4 + 2 + 32 + 33 + 200, $"byte {at} of {bytes.Length}");
        }
    }

    [Fact]
    public void A_limit_that_is_accepted_and_broken_is_told()
    {
        using ScriptedServer server = Handmade(silentToProtocols: false);
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--json", "--timeout", "20");
        JsonElement limit = run.Json.GetProperty("found").GetProperty("limits").EnumerateArray().Single(limit => limit.GetProperty("extension").GetString() == "max_fragment_length");
        Assert.Equal("Broken", limit.GetProperty("verdict").GetString());
        Assert.InRange(limit.GetProperty("largestBytes").GetInt32(), 513, 16_384);
        Assert.Contains("In TLS 1.2 it accepts max_fragment_length of 512 bytes and then sends records of", run.Output, StringComparison.Ordinal);
        Assert.Equal(77, run.Json.GetProperty("found").GetProperty("accepts")[0].GetProperty("stapledStatusBytes").GetInt32());
        Assert.False(run.Json.GetProperty("proposal").GetProperty("proof").GetProperty("connected").GetBoolean()); // nobody signed anything
        Assert.DoesNotContain("without an answer", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_without_an_answer_is_told()
    {
        using ScriptedServer server = Handmade(silentToProtocols: true);
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--json", "--timeout", "3");
        Assert.Contains("It left 1 of ", run.Output, StringComparison.Ordinal);
    }

    /// <summary>A server of TLS 1.2 that shows a flight made by hand, accepts max_fragment_length and does not keep it.</summary>
    private static ScriptedServer Handmade(bool silentToProtocols) => new(async (_, stream, end) =>
    {
        byte[] hello = new byte[4096];
        int length = await stream.ReadAsync(hello, end);
        bool asks = hello.AsSpan(0, length).IndexOf((ReadOnlySpan<byte>)[0, 1, 0, 1, 1]) >= 0; // max_fragment_length, one byte, code 1
        bool is13 = hello.AsSpan(0, length).IndexOf((ReadOnlySpan<byte>)[0x13, 0x01, 0x13, 0x02]) >= 0;
        bool offers = hello.AsSpan(0, length).IndexOf((ReadOnlySpan<byte>)[0xC0, 0x2B]) >= 0;
        if (silentToProtocols && hello.AsSpan(0, length).IndexOf("x-amzn-mqtt-ca"u8) >= 0)
        {
            await System.Threading.Tasks.Task.Delay(System.Threading.Timeout.Infinite, end);
        }

        byte[] answer = is13 || !offers ? [21, 3, 3, 0, 2, 2, 40] : Flights.Whole(16_384, asks ? (byte)1 : (byte)0);
        await stream.WriteAsync(answer, end);
        _ = await stream.ReadAsync(hello, end);
    });

    [Fact]
    public void The_lengths_of_records_are_the_same_in_every_split()
    {
        byte[] bytes = Flights.Whole(300);
        for (int split = 0; split <= bytes.Length; split++)
        {
            using var tap = new RecordTap(System.IO.Stream.Null);
            tap.Note(bytes.AsSpan(0, split));
            tap.Note(bytes.AsSpan(split));
            Assert.Equal(300, tap.LargestRecordBytes);
        }
    }

    private static byte[] Receive(int port, byte[] record, HelloRecipe recipe, byte[] hello, KeyShare share)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 20_000 };
        socket.Connect(IPAddress.Loopback, port);
        socket.Send(record);
        var all = new List<byte>();
        byte[] room = new byte[4096];
        using var flight = new ServerFlight(recipe, hello, share);
        while (flight.End == FlightEnd.None)
        {
            int count = socket.Receive(room);
            all.AddRange(room[..count]);
            flight.Take(room.AsSpan(0, count));
        }

        return [.. all];
    }

    private static ServerFlight New() => new(Flights.Recipe, [1, 0, 0, 0], null);

    private static ServerFlight Read(params ReadOnlySpan<byte[]> pieces)
    {
        ServerFlight flight = New();
        foreach (byte[] piece in pieces)
        {
            flight.Take(piece);
        }

        return flight;
    }

    private static string Describe(ServerFlight flight) =>
        $"{flight.End} {flight.Problem} {flight.Facts.Version:X} {flight.Facts.Suite:X} {flight.Facts.Group} {string.Join(',', flight.Facts.Chain.Select(certificate => certificate.Length))} {flight.Facts.LargestRecordBytes} {flight.Facts.LargestPlaintextBytes} {flight.Facts.LargestMessageBytes} {flight.Facts.LargestInnerBytes}";
}
