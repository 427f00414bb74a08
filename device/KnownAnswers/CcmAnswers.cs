using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>AES-CCM: example 3 of SP 800-38C, which has TLS's length of nonce, and case 50 of NIST's VNT128 and VNT256 files.</summary>
internal static class CcmAnswers
{
    private const int RecordBytes = 1024, Secrets = 20;

    private static ReadOnlySpan<byte> Key => "404142434445464748494a4b4c4d4e4f"u8;

    private static ReadOnlySpan<byte> Nonce => "101112131415161718191a1b"u8;

    private static ReadOnlySpan<byte> Aad => "000102030405060708090a0b0c0d0e0f10111213"u8;

    private static ReadOnlySpan<byte> Text => "202122232425262728292a2b2c2d2e2f3031323334353637"u8;

    private static ReadOnlySpan<byte> Sealed => "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951"u8;

    private static ReadOnlySpan<byte> Vnt128Key => "005e8f4d8e0cbf4e1ceeb5d87a275848"u8;

    private static ReadOnlySpan<byte> Vnt128Nonce => "0ec3ac452b547b9062aac8fa"u8;

    private static ReadOnlySpan<byte> Vnt128Aad => "2f1821aa57e5278ffd33c17d46615b77363149dbc98470413f6543a6b749f2ca"u8;

    private static ReadOnlySpan<byte> Vnt128Text => "b6f345204526439daf84998f380dcfb4b4167c959c04ff65"u8;

    private static ReadOnlySpan<byte> Vnt128Sealed => "9575e16f35da3c88a19c26a7b762044f4d7bbbafeff05d754829e2a7752fa3a14890972884b511d8"u8;

    private static ReadOnlySpan<byte> Vnt256Key => "d6ff67379a2ead2ca87aa4f29536258f9fb9fc2e91b0ed18e7b9f5df332dd1dc"u8;

    private static ReadOnlySpan<byte> Vnt256Nonce => "2f1d0717a822e20c7cd28f0a"u8;

    private static ReadOnlySpan<byte> Vnt256Aad => "d50741d34c8564d92f396b97be782923ff3c855ea9757bde419f632c83997630"u8;

    private static ReadOnlySpan<byte> Vnt256Text => "98626ffc6c44f13c964e7fcb7d16e988990d6d063d012d33"u8;

    private static ReadOnlySpan<byte> Vnt256Sealed => "50e22db70ac2bab6d6af7059c90d00fbf0fb52eee5eb650e08aca7dec636170f481dcb9fefb85c05"u8;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("AES-128-CCM_8 seal, example 3"u8);
        Seal(ref bench, AeadAlgorithm.Aes128Ccm8, bench.Hex(Key), bench.Hex(Nonce), bench.Hex(Aad), bench.Hex(Text), Sealed);
        bench.Begin("AES-128-CCM_8 open, example 3"u8);
        Open(ref bench, AeadAlgorithm.Aes128Ccm8, bench.Hex(Key), bench.Hex(Nonce), bench.Hex(Aad), bench.Hex(Sealed), Text, 0);
        bench.Begin("AES-128-CCM_8 refuses a changed tag"u8);
        Open(ref bench, AeadAlgorithm.Aes128Ccm8, bench.Hex(Key), bench.Hex(Nonce), bench.Hex(Aad), bench.Hex(Sealed), default, 1);
        bench.Begin("AES-128-CCM open, VNT128 50"u8);
        Open(ref bench, AeadAlgorithm.Aes128Ccm, bench.Hex(Vnt128Key), bench.Hex(Vnt128Nonce), bench.Hex(Vnt128Aad), bench.Hex(Vnt128Sealed), Vnt128Text, 0);
        bench.Begin("AES-256-CCM open, VNT256 50"u8);
        Open(ref bench, AeadAlgorithm.Aes256Ccm, bench.Hex(Vnt256Key), bench.Hex(Vnt256Nonce), bench.Hex(Vnt256Aad), bench.Hex(Vnt256Sealed), Vnt256Text, 0);
        bench.Begin("AES-128-CCM seal and open, 1,024 bytes"u8);
        RoundTrip(ref bench, AeadAlgorithm.Aes128Ccm);
        bench.Begin("AES-256-CCM seal and open, 1,024 bytes"u8);
        RoundTrip(ref bench, AeadAlgorithm.Aes256Ccm);
        bench.Begin("AES-128-CCM with 20 keys and texts"u8);
        Compare(ref bench);
    }

    private static void Seal(
        ref Workbench bench, AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> text, ReadOnlySpan<byte> expected)
    {
        Span<byte> output = bench.Take(text.Length + Aead.TagBytesOf(algorithm)), scratch = bench.Take(Aead.ScratchBytes(algorithm));
        bench.Start();
        Aead.Seal(algorithm, key, nonce, aad, text, output, output[text.Length..], scratch);
        bench.End(output, expected);
    }

    private static void Open(
        ref Workbench bench, AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> record, ReadOnlySpan<byte> expected, byte change)
    {
        int textBytes = record.Length - Aead.TagBytesOf(algorithm);
        Span<byte> text = record[..textBytes], tag = record[textBytes..], scratch = bench.Take(Aead.ScratchBytes(algorithm));
        tag[0] ^= change;
        bench.Start();
        bool opened = Aead.Open(algorithm, key, nonce, aad, text, tag, text, scratch);
        if (change == 0)
        {
            bench.End(opened ? text : default, expected);
        }
        else
        {
            bench.End(!opened);
        }
    }

    /// <summary>What comes back is what went in, and was something else in between.</summary>
    private static void RoundTrip(ref Workbench bench, AeadAlgorithm algorithm)
    {
        Span<byte> record = bench.Take(RecordBytes), tag = bench.Take(Aead.TagBytesOf(algorithm)), scratch = bench.Take(Aead.ScratchBytes(algorithm));
        Span<byte> key = bench.Take(Aead.KeyBytes(algorithm)), nonce = bench.Hex(Nonce);
        record.Clear();
        key.Clear();
        bench.Start();
        Aead.Seal(algorithm, key, nonce, default, record, record, tag, scratch);
        bool changed = !IsZero(record);
        bool opened = Aead.Open(algorithm, key, nonce, default, record, tag, record, scratch);
        bench.End(changed && opened && IsZero(record));
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes)
    {
        int any = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            any |= bytes[i];
        }

        return any == 0;
    }

    /// <summary>The time of sealing tells neither key nor text: each ciphertext gives the next of both.</summary>
    private static void Compare(ref Workbench bench)
    {
        Span<byte> key = bench.Hex(Key), nonce = bench.Hex(Nonce), text = bench.Hex(Text), tag = bench.Take(Aead.TagBytes);
        Span<byte> scratch = bench.Take(Aead.ScratchBytes(AeadAlgorithm.Aes128Ccm));
        uint first = 0, different = 0;
        bench.Start();
        for (int i = 0; i < Secrets; i++)
        {
            uint taken = Time(key, nonce, text, tag, scratch);
            first = i == 0 ? taken : first;
            different += taken == first ? 0u : 1;
            tag.CopyTo(key);
        }

        bench.End(different == 0, first);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Time(Span<byte> key, Span<byte> nonce, Span<byte> text, Span<byte> tag, Span<byte> scratch)
    {
        SysTick.Start();
        Aead.Seal(AeadAlgorithm.Aes128Ccm, key, nonce, text[..13], text, text, tag, scratch);
        return SysTick.Stop();
    }
}
