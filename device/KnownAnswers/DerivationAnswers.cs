using System;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>The PRF of TLS 1.2 (RFC 5246 §5), HKDF (RFC 5869 A.1) and HMAC-DRBG (SP 800-90A, by way of RFC 6979 A.2.5).</summary>
internal static class DerivationAnswers
{
    public static void Run(ref Workbench bench)
    {
        Prf(ref bench);
        HkdfSha256(ref bench);
        Drbg(ref bench);
    }

    private static void Prf(ref Workbench bench)
    {
        bench.Begin("PRF with SHA-256, 100 bytes"u8);
        Span<byte> secret = bench.Hex("9bbe436ba940f017b17652849a71db35"u8);
        Span<byte> seed = bench.Hex("a0ba9f936cda311827a6f796ffd5198c"u8);
        Span<byte> output = bench.Take(100), scratch = bench.Take(Prf12.ScratchBytes(HashAlgorithm.Sha256));
        bench.Start();
        Prf12.Expand(HashAlgorithm.Sha256, secret, "test label"u8, seed[..7], seed[7..], output, scratch);
        bench.End(
            output,
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66"u8);
    }

    private static void HkdfSha256(ref Workbench bench)
    {
        bench.Begin("HKDF with SHA-256, RFC 5869 A.1"u8);
        Span<byte> input = bench.Take(22), salt = bench.Hex("000102030405060708090a0b0c"u8), info = bench.Hex("f0f1f2f3f4f5f6f7f8f9"u8);
        Span<byte> key = bench.Take(32), output = bench.Take(42), scratch = bench.Take(Hkdf.ScratchBytes(HashAlgorithm.Sha256));
        input.Fill(0x0B);
        bench.Start();
        Hkdf.Extract(HashAlgorithm.Sha256, salt, input, key, scratch);
        Hkdf.Expand(HashAlgorithm.Sha256, key, info, output, scratch);
        bench.End(output, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"u8);
    }

    private static void Drbg(ref Workbench bench)
    {
        bench.Begin("HMAC-DRBG, 32 bytes"u8);
        Span<byte> entropy = bench.Hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"u8);
        Span<byte> nonce = bench.Hex("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"u8);
        Span<byte> state = bench.Take(HmacDrbg.StateBytes), scratch = bench.Take(HmacDrbg.ScratchBytes), output = bench.Take(32);
        bench.Start();
        HmacDrbg.Instantiate(state, entropy, nonce, default, scratch);
        HmacDrbg.Generate(state, output, default, scratch);
        bench.End(output, "a6e3c57dd01abe90086538398355dd4c3b17aa873382b0f24d6129493d8aad60"u8);
    }
}
