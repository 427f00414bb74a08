using System;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Thimble.Bench.Tls;
using Thimble.Memory;

namespace Thimble.Bench;

/// <summary>The client's side of handshakes, full and resumed, of both versions: Thimble's and SslStream's by turns.</summary>
internal static class HandshakeTable
{
    private const int Rounds = 200;
    private const int WarmUpTurns = 3;

    /// <summary>The runtime compiles hot methods anew after they were called for a while; it waits this long for quiet first.</summary>
    private static readonly TimeSpan s_tieringDelay = TimeSpan.FromMilliseconds(150);

    /// <summary>Prints the rows of that group, which OpenSSL was told of; with P-256 a second process prints those of X25519.</summary>
    public static void Print(Groups group)
    {
        var clock = Stopwatch.StartNew();
        bool first = group == Groups.Secp256r1;
        if (first)
        {
            Console.WriteLine();
            Console.WriteLine("Scenario R, medians: processor time of the client's thread, and the time that passed, server included.");
            Console.WriteLine();
            Console.WriteLine("| handshake | Thimble, us | SslStream, us | ratio | passed, us | SslStream, us | ratio | GC bytes | SslStream |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        }

        HandshakeKind[] kinds = [new(TlsVersions.Tls12, group), new(TlsVersions.Tls13, group), new(TlsVersions.Tls13, group, Resumed: true)];
        PrintRows(first ? [.. kinds, new(TlsVersions.Tls12, group, Resumed: true)] : kinds);
        if (first)
        {
            using var other = Process.Start("dotnet", [typeof(HandshakeTable).Assembly.Location, "--handshakes", "X25519"]);
            other.WaitForExit();
            Console.WriteLine();
            Console.WriteLine($"{clock.Elapsed.TotalSeconds:0} s");
        }
    }

    private static void PrintRows(HandshakeKind[] kinds)
    {
        LiveHandshakes[] handshakes = [.. kinds.Select(kind => new LiveHandshakes(kind))];
        for (int turn = 0; turn < WarmUpTurns; turn++)
        {
            foreach (LiveHandshakes warmed in handshakes)
            {
                WarmUp(warmed);
            }
        }

        for (int i = 0; i < kinds.Length; i++)
        {
            PrintRow(kinds[i], handshakes[i]);
            handshakes[i].Dispose();
        }
    }

    private static void PrintRow(HandshakeKind kind, LiveHandshakes handshakes)
    {
        (HandshakeCost ours, HandshakeCost theirs) = handshakes.Measure(Rounds);
        Console.WriteLine(
            $"| {kind} | {ours.CpuNanoseconds / 1000.0:N0} | {theirs.CpuNanoseconds / 1000.0:N0} | {Ratio(ours.CpuNanoseconds, theirs.CpuNanoseconds)} "
            + $"| {ours.WallNanoseconds / 1000.0:N0} | {theirs.WallNanoseconds / 1000.0:N0} | {Ratio(ours.WallNanoseconds, theirs.WallNanoseconds)} "
            + $"| {ours.GcBytes:N0} | {theirs.GcBytes:N0} |");
    }

    private static string Ratio(long ours, long theirs) => $"{(double)ours / theirs:0.00}";

    /// <summary>Shakes hands until neither side has become a tenth faster for a while: a busy machine compiles late.</summary>
    private static void WarmUp(LiveHandshakes handshakes)
    {
        const int QuietTurns = 4, MaxTurns = 20;
        long best = long.MaxValue;
        for (int turn = 0, quiet = 0; turn < MaxTurns && quiet < QuietTurns; turn++)
        {
            (HandshakeCost ours, HandshakeCost theirs) = handshakes.Measure(Rounds / 8);
            long cost = ours.CpuNanoseconds + theirs.CpuNanoseconds;
            quiet = cost > best - (best / 10) ? quiet + 1 : 0;
            best = Math.Min(best, cost);
            Thread.Sleep(s_tieringDelay);
        }
    }
}
