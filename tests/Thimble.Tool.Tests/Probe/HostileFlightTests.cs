using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli;
using Thimble.Cli.Probe;
using Thimble.Crypto;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>Servers that lie: whatever they send is read to a result or to one sentence, and never to a result that is none.</summary>
public sealed class HostileFlightTests
{
    private static HelloRecipe Recipe13 => new() { Versions = [0x0304], Suites = [0x1301], Groups = [29], KeyShare = NamedGroup.X25519 };

    [Fact]
    public void Changed_and_cut_flights_of_TLS_1_2_end_in_bounds() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        return Reads12(Changed(random, Flights.Whole(random.Next(1, 600))));
    }).QuickCheckThrowOnFailure();

    /// <summary>Under protection nothing is changed on the way: what is malformed there the server itself has made so.</summary>
    [Fact]
    public void Malformed_messages_under_protection_end_in_bounds() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        using ServerFlight flight = Read13(hello => new Flight13(hello) { Change = messages => Changed(new Random(seed), messages), RecordBytes = 1 + (seed & 1023) });
        flight.Cut(FlightEnd.Closed);
        return IsSound(flight);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_flight_that_is_not_changed_is_whole()
    {
        using ServerFlight flight = Read13(hello => new Flight13(hello));
        Assert.Equal((FlightEnd.Complete, 2, 29), (flight.End, flight.Facts.Chain.Count, (int)flight.Facts.Group));
    }

    [Fact]
    public void A_message_in_the_clear_behind_ServerHello_is_refused()
    {
        byte[] extensions = [22, 3, 3, 0, 6, 8, 0, 0, 2, 0, 0];
        using ServerFlight flight = Read13(hello => new Flight13(hello) { Between = extensions });
        Assert.Equal((FlightEnd.Malformed, "a handshake message in the clear behind its ServerHello"), (flight.End, flight.Problem));
    }

    [Fact]
    public void A_protected_change_cipher_spec_is_refused()
    {
        using ServerFlight flight = Read13(hello => new Flight13(hello) { Change = _ => [1], InnerType = 20 });
        Assert.Equal((FlightEnd.Malformed, "a protected change_cipher_spec"), (flight.End, flight.Problem));
    }

    [Theory]
    [InlineData(43, "0303")] // supported_versions
    [InlineData(51, "0017")] // key_share
    [InlineData(23, "")]
    [InlineData(35, "")]
    [InlineData(1, "01")] // a limit that nobody asked for
    public void EncryptedExtensions_cannot_say_what_the_hello_said(byte type, string content)
    {
        byte[] value = Convert.FromHexString(content);
        byte[] instead = [8, 0, 0, (byte)(6 + value.Length), 0, (byte)(4 + value.Length), 0, type, 0, (byte)value.Length, .. value];
        using ServerFlight flight = Read13(hello => new Flight13(hello) { Change = messages => [.. instead, .. messages[6..]] });
        Assert.Equal(FlightEnd.Malformed, flight.End);
        Assert.Equal((0x0304, 29), ((int)flight.Facts.Version, (int)flight.Facts.Group));
    }

    [Fact]
    public void A_signature_that_was_not_offered_is_refused()
    {
        using ServerFlight flight = Read13(hello => new Flight13(hello) { Change = messages => [.. messages[..^74], 8, 4, .. messages[^72..]] }, [0x0403]);
        Assert.Equal(FlightEnd.Malformed, flight.End);
    }

    [Fact]
    public void A_signature_of_another_kind_than_its_suite_is_refused()
    {
        byte[] bytes = Flights.Whole(16_384);
        int at = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[4, 3, 0, 70]);
        bytes[at] = 8;
        bytes[at + 1] = 4;
        using var flight = new ServerFlight(Flights.Recipe, [1, 0, 0, 0], null);
        flight.Take(bytes);
        Assert.Equal(FlightEnd.Malformed, flight.End);
    }

    [Theory]
    [InlineData("no certificate", 11)]
    [InlineData("no key", 12)]
    public void A_flight_of_TLS_1_2_without_one_of_its_messages_is_not_complete(string what, byte left)
    {
        byte[] content = [.. Flights.Whole(16_384).Skip(5)];
        List<byte> rest = [];
        for (int at = 0; at < content.Length;)
        {
            int length = 4 + ((content[at + 1] << 16) | (content[at + 2] << 8) | content[at + 3]);
            rest.AddRange(content[at] == left ? [] : content[at..(at + length)]);
            at += length;
        }

        using var flight = new ServerFlight(Flights.Recipe, [1, 0, 0, 0], null);
        flight.Take([22, 3, 3, (byte)(rest.Count >> 8), (byte)rest.Count, .. rest]);
        Assert.True(flight.End == FlightEnd.Malformed, what);
    }

    [Fact]
    public void A_server_with_hello_and_done_alone_is_told_in_a_sentence()
    {
        using ScriptedServer server = Always(_ => Flights.HelloAndDone);
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--timeout", "20");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_no_host_has_is_no_reason_to_fall_over()
    {
        using ScriptedServer server = Always(hello => new Flight13(hello).Answer());
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--timeout", "20", "--json", "--servername", "no host");
        Assert.InRange(run.ExitCode, 0, 1);
        Assert.DoesNotContain("   at ", run.Error + run.Output, StringComparison.Ordinal);
    }

    /// <summary>Something else each time: alerts, cuts, changed flights of both versions, text, nothing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_server_that_answers_differently_each_time_ends_in_bounds(int seed)
    {
        var random = new Random(seed);
        var turn = new Lock();
        using ScriptedServer server = Always(hello =>
        {
            lock (turn)
            {
                return random.Next(7) switch
                {
                    0 => [21, 3, 3, 0, 2, 2, (byte)random.Next(256)],
                    1 => [],
                    2 => "HTTP/1.1 400\r\n\r\n"u8.ToArray(),
                    3 => Changed(random, Flights.Whole(500)),
                    4 => Changed(random, new Flight13(hello).Answer()),
                    5 => Flights.Whole(500),
                    _ => new Flight13(hello).Answer(),
                };
            }
        });
        long begun = Stopwatch.GetTimestamp();
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--timeout", "5");
        Assert.InRange(run.ExitCode, 0, 1);
        Assert.InRange(server.Connections, 1, 59);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.Zero, TimeSpan.FromSeconds(60)); // each question is over when the server closes
    }

    /// <summary>One byte at a time, and always one more before anybody loses patience: the patience is for the whole answer.</summary>
    [Fact]
    public void A_server_that_drips_is_given_no_more_time_than_a_silent_one()
    {
        using ScriptedServer server = new(async (_, stream, end) =>
        {
            _ = await stream.ReadAsync(new byte[4096], end);
            foreach (byte value in Flights.Whole(16_384))
            {
                await stream.WriteAsync(new[] { value }, end);
                await System.Threading.Tasks.Task.Delay(50, end);
            }
        });
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--timeout", "1");
        Assert.StartsWith("Stalled:", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    private static bool Reads12(byte[] bytes)
    {
        using var flight = new ServerFlight(Flights.Recipe, [1, 0, 0, 0], null);
        flight.Take(bytes);
        flight.Cut(FlightEnd.Closed);
        return IsSound(flight);
    }

    /// <summary>What is complete has all that a survey looks at.</summary>
    private static bool IsSound(ServerFlight flight) => flight.End switch
    {
        FlightEnd.Complete => flight.Facts.Chain.Count > 0 && flight.Facts.Chain.TrueForAll(certificate => certificate.Length > 0) && flight.Facts.Group != 0 && flight.Facts.Version >= 0x0303,
        FlightEnd.Malformed or FlightEnd.NotTls => flight.Problem is { Length: > 0 } problem && !problem.Contains('\n', StringComparison.Ordinal),
        FlightEnd.None => false,
        _ => true,
    };

    private static ServerFlight Read13(Func<byte[], Flight13> server, IReadOnlyList<ushort>? schemes = null)
    {
        var share = new KeyShare(NamedGroup.X25519);
        HelloRecipe recipe = Recipe13 with { Schemes = schemes ?? SignatureNumbers.All };
        byte[] hello = HelloWriter.Write(recipe, new byte[32], share.PublicKey);
        var flight = new ServerFlight(recipe, hello, share);
        flight.Take(server(hello).Answer());
        return flight;
    }

    private static byte[] Changed(Random random, byte[] bytes)
    {
        byte[] changed = [.. bytes];
        for (int i = random.Next(1, 4); i > 0 && changed.Length > 0; i--)
        {
            int at = random.Next(changed.Length);
            switch (random.Next(4))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 2:
                    changed = changed[..at];
                    break;
                default:
                    int end = random.Next(at, int.Min(changed.Length, at + 64));
                    changed = [.. changed[..end], .. changed[at..]];
                    break;
            }
        }

        return changed;
    }

    private static ScriptedServer Always(Func<byte[], byte[]> answer) => new(async (_, stream, end) =>
    {
        byte[] received = new byte[4096];
        int length = await stream.ReadAsync(received, end);
        if (length > 43)
        {
            await stream.WriteAsync(answer(received[5..length]), end);
        }
    });
}
