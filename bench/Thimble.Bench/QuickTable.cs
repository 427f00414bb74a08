using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Threading;
using Thimble.Bench.Primitives;
using Thimble.Bench.Tls;
using Thimble.Crypto;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Bench;

/// <summary>
/// All comparisons in one process and one table. Both sides take turns, and the processor time of the thread is what
/// counts, so that other work on the machine disturbs the ratios little. The ratio is the median of the rounds' ratios.
/// </summary>
internal static class QuickTable
{
    private const int Rounds = 15;
    private const long RoundNanoseconds = 1_000_000;

    /// <summary>The runtime compiles hot methods anew after they were called for a while; it waits this long for quiet first.</summary>
    private static readonly TimeSpan s_tieringDelay = TimeSpan.FromMilliseconds(150);

    public static void Print()
    {
        var clock = Stopwatch.StartNew();
        string openSsl = OperatingSystem.IsLinux() ? $", OpenSSL {SafeEvpPKeyHandle.OpenSslVersion:x}" : "";
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}{openSsl}, {RuntimeInformation.OSArchitecture}, {Environment.ProcessorCount} processors. Processor time of the calling thread; below 1 Thimble is faster.");
        Console.WriteLine();
        Console.WriteLine("| operation | Thimble, us | platform, us | Thimble / platform |");
        Console.WriteLine("|---|--:|--:|--:|");
        (string Name, Comparison Comparison)[] rows = [.. All()];
        WarmUp(rows);
        foreach ((string name, Comparison comparison) in rows)
        {
            PrintRow(name, comparison);
            comparison.Dispose();
        }

        Console.WriteLine();
        Console.WriteLine($"{clock.Elapsed.TotalSeconds:0} s");
    }

    private static IEnumerable<(string Name, Comparison Comparison)> All()
    {
        int[] sizes = [64, 1024, 16 * 1024];
        foreach (int bytes in sizes)
        {
            yield return ($"TLS record write, AES-128-GCM, {bytes} B", new RecordWrite { Bytes = bytes });
        }

        foreach (int bytes in sizes)
        {
            yield return ($"TLS record read, AES-128-GCM, {bytes} B", new RecordRead { Bytes = bytes });
        }

        foreach (AeadAlgorithm algorithm in (AeadAlgorithm[])[AeadAlgorithm.Aes128Gcm, AeadAlgorithm.Aes256Gcm, AeadAlgorithm.ChaCha20Poly1305, AeadAlgorithm.Aes128Ccm])
        {
            foreach (int bytes in sizes)
            {
                yield return ($"{algorithm} seal {bytes} B", new AeadSeal { Algorithm = algorithm, Bytes = bytes });
                yield return ($"{algorithm} open {bytes} B", new AeadOpen { Algorithm = algorithm, Bytes = bytes });
            }
        }

        foreach (HashAlgorithm algorithm in (HashAlgorithm[])[HashAlgorithm.Sha256, HashAlgorithm.Sha384, HashAlgorithm.Sha512])
        {
            yield return ($"{algorithm} 16384 B", new HashBenchmark { Algorithm = algorithm });
        }

        yield return ("HMAC-SHA-256 64 B", new HmacBenchmark { Bytes = 64 });
        yield return ("HMAC-SHA-256 16384 B", new HmacBenchmark { Bytes = 16 * 1024 });
        foreach (NamedGroup group in (NamedGroup[])[NamedGroup.Secp256r1, NamedGroup.Secp384r1])
        {
            yield return ($"{group} key pair", new KeyGeneration { Group = group });
            yield return ($"{group} agreement", new Agreement { Group = group });
            yield return ($"{group} ECDSA sign (Thimble also verifies it)", new EcdsaSign { Group = group });
            yield return ($"{group} ECDSA verify", new EcdsaVerify { Group = group });
        }

        yield return ("X25519 agreement (platform: P-256, it has no X25519)", new X25519Agreement());
        yield return ("Ed25519 verify (platform: ECDSA P-256, it has no Ed25519)", new Ed25519Verify());
        yield return ("RSA-2048 verify", new RsaVerification { Bits = 2048 });
        yield return ("RSA-4096 verify", new RsaVerification { Bits = 4096 });
        yield return ("RSA-2048 sign", new RsaSigning());
    }

    private static void PrintRow(string name, Comparison comparison)
    {
        int ourCalls = Calls(comparison, comparison.Thimble);
        int theirCalls = Calls(comparison, comparison.Platform);
        var rounds = new (double Ours, double Theirs)[Rounds];
        for (int i = 0; i < Rounds; i++)
        {
            rounds[i] = (Time(comparison, comparison.Thimble, ourCalls), Time(comparison, comparison.Platform, theirCalls));
        }

        PrintRow(name, Median(rounds.Select(round => round.Ours)), Median(rounds.Select(round => round.Theirs)), Median(rounds.Select(round => round.Ours / round.Theirs)));
    }

    private static void PrintRow(string name, double ours, double theirs, double ratio) =>
        Console.WriteLine($"| {name} | {ours / 1000:N2} | {theirs / 1000:N2} | {ratio:0.00} |");

    /// <summary>Calls everything many times over, with pauses, so that all of it is compiled well before anything is measured.</summary>
    private static void WarmUp((string Name, Comparison Comparison)[] rows)
    {
        const int Turns = 12, CallsAtFirst = 20;
        foreach ((_, Comparison comparison) in rows)
        {
            comparison.Setup();
        }

        for (int turn = 0; turn < Turns; turn++)
        {
            foreach ((_, Comparison comparison) in rows)
            {
                int calls = Math.Min(CallsAtFirst, Calls(comparison, comparison.Thimble));
                _ = Time(comparison, comparison.Thimble, calls);
                _ = Time(comparison, comparison.Platform, calls);
            }

            Thread.Sleep(s_tieringDelay);
        }
    }

    /// <summary>How many calls fill a round.</summary>
    private static int Calls(Comparison comparison, Action operation) =>
        comparison.OperationsPerCall > 1 ? 1 : Math.Max(1, (int)(RoundNanoseconds / Time(comparison, operation, 3)));

    /// <summary>Nanoseconds of one operation.</summary>
    private static double Time(Comparison comparison, Action operation, int calls)
    {
        comparison.Prepare();
        long start = ThreadCpu.Nanoseconds;
        for (int i = 0; i < calls; i++)
        {
            operation();
        }

        return (ThreadCpu.Nanoseconds - start) / (double)calls / comparison.OperationsPerCall;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);
}
