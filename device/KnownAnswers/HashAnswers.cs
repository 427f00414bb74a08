using System;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>SHA-2 (FIPS 180-4) and HMAC (RFC 4231 §4.3).</summary>
internal static class HashAnswers
{
    private static ReadOnlySpan<byte> Sha256Abc => "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"u8;

    private static ReadOnlySpan<byte> Sha384Abc => "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"u8;

    private static ReadOnlySpan<byte> Sha512Abc =>
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"u8;

    private static ReadOnlySpan<byte> Sha256Long => "c93eee2d0db02f10acc7460d9576e122dcf8cd53c4bf8dfcae1b3e74ebcfff5a"u8;

    private static ReadOnlySpan<byte> Sha384Long => "abc1d4d2d01083c290896b326969cbf848d806bc21dfe77e2af4e45d158770e94ab8f0d35575ef6f3d1a28ef13cef09e"u8;

    private static ReadOnlySpan<byte> HmacSha256 => "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"u8;

    private static ReadOnlySpan<byte> HmacSha384 => "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"u8;

    private static ReadOnlySpan<byte> HmacSha512 =>
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"u8;

    public static void Run(ref Workbench bench)
    {
        Abc(ref bench, "SHA-256 of abc"u8, HashAlgorithm.Sha256, Sha256Abc);
        Abc(ref bench, "SHA-384 of abc"u8, HashAlgorithm.Sha384, Sha384Abc);
        Abc(ref bench, "SHA-512 of abc"u8, HashAlgorithm.Sha512, Sha512Abc);
        Long(ref bench, "SHA-256 of 4,096 a"u8, HashAlgorithm.Sha256, Sha256Long);
        Long(ref bench, "SHA-384 of 4,096 a"u8, HashAlgorithm.Sha384, Sha384Long);
        Mac(ref bench, "HMAC-SHA-256, RFC 4231 case 2"u8, HashAlgorithm.Sha256, HmacSha256);
        Mac(ref bench, "HMAC-SHA-384, RFC 4231 case 2"u8, HashAlgorithm.Sha384, HmacSha384);
        Mac(ref bench, "HMAC-SHA-512, RFC 4231 case 2"u8, HashAlgorithm.Sha512, HmacSha512);
    }

    private static void Abc(ref Workbench bench, ReadOnlySpan<byte> name, HashAlgorithm algorithm, ReadOnlySpan<byte> expected)
    {
        bench.Begin(name);
        Digest(ref bench, algorithm, "abc"u8, expected);
    }

    private static void Long(ref Workbench bench, ReadOnlySpan<byte> name, HashAlgorithm algorithm, ReadOnlySpan<byte> expected)
    {
        bench.Begin(name);
        Span<byte> data = bench.Take(4096);
        data.Fill((byte)'a');
        Digest(ref bench, algorithm, data, expected);
    }

    private static void Digest(ref Workbench bench, HashAlgorithm algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> expected)
    {
        Span<byte> state = bench.Take(Hash.StateBytes(algorithm)), digest = bench.Take(Hash.DigestBytes(algorithm));
        bench.Start();
        Hash.Initialize(algorithm, state);
        Hash.Update(algorithm, state, data);
        Hash.Finish(algorithm, state, digest);
        bench.End(digest, expected);
    }

    private static void Mac(ref Workbench bench, ReadOnlySpan<byte> name, HashAlgorithm algorithm, ReadOnlySpan<byte> expected)
    {
        bench.Begin(name);
        Span<byte> state = bench.Take(Hash.StateBytes(algorithm)), mac = bench.Take(Hash.DigestBytes(algorithm));
        bench.Start();
        Hmac.Initialize(algorithm, state, "Jefe"u8);
        Hmac.Update(algorithm, state, "what do ya want for nothing?"u8);
        Hmac.Finish(algorithm, state, "Jefe"u8, mac);
        bench.End(mac, expected);
    }
}
