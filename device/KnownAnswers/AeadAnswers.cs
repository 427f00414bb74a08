using System;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>AES-GCM (cases 4 and 16 of the specification that SP 800-38D names) and ChaCha20-Poly1305 (RFC 8439 §2.8.2).</summary>
internal static class AeadAnswers
{
    private static ReadOnlySpan<byte> GcmKey => "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"u8;

    private static ReadOnlySpan<byte> GcmNonce => "cafebabefacedbaddecaf888"u8;

    private static ReadOnlySpan<byte> GcmAad => "feedfacedeadbeeffeedfacedeadbeefabaddad2"u8;

    private static ReadOnlySpan<byte> GcmPlaintext =>
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"u8;

    private static ReadOnlySpan<byte> Gcm128 =>
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47"u8;

    private static ReadOnlySpan<byte> Gcm256 =>
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"u8;

    private static ReadOnlySpan<byte> ChaChaKey => "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"u8;

    private static ReadOnlySpan<byte> ChaChaNonce => "070000004041424344454647"u8;

    private static ReadOnlySpan<byte> ChaChaAad => "50515253c0c1c2c3c4c5c6c7"u8;

    private static ReadOnlySpan<byte> ChaChaText =>
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."u8;

    private static ReadOnlySpan<byte> ChaCha =>
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"u8;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("AES-128-GCM seal, 60 + 20 bytes, case 4"u8);
        Seal(ref bench, AeadAlgorithm.Aes128Gcm, bench.Hex(GcmKey[..32]), bench.Hex(GcmNonce), bench.Hex(GcmAad), bench.Hex(GcmPlaintext), Gcm128);
        bench.Begin("AES-256-GCM seal, 60 + 20 bytes, case 16"u8);
        Seal(ref bench, AeadAlgorithm.Aes256Gcm, bench.Hex(GcmKey), bench.Hex(GcmNonce), bench.Hex(GcmAad), bench.Hex(GcmPlaintext), Gcm256);
        bench.Begin("ChaCha20-Poly1305 seal, 114 + 12 bytes"u8);
        Seal(ref bench, AeadAlgorithm.ChaCha20Poly1305, bench.Hex(ChaChaKey), bench.Hex(ChaChaNonce), bench.Hex(ChaChaAad), ChaChaText, ChaCha);

        bench.Begin("AES-128-GCM seal, 1,024 bytes"u8);
        SealZeros(ref bench, AeadAlgorithm.Aes128Gcm, bench.Hex(GcmKey[..32]), bench.Hex(GcmNonce), "5f4226cd3dbf20fdfbbd1947f6da4e82"u8);
        bench.Begin("ChaCha20-Poly1305 seal, 1,024 bytes"u8);
        SealZeros(ref bench, AeadAlgorithm.ChaCha20Poly1305, bench.Hex(ChaChaKey), bench.Hex(ChaChaNonce), "8685f72dcc9dfc43c2e5c9c38dfbfab1"u8);

        bench.Begin("AES-128-GCM open"u8);
        Open(ref bench, AeadAlgorithm.Aes128Gcm, bench.Hex(GcmKey[..32]), bench.Hex(GcmNonce), bench.Hex(GcmAad), bench.Hex(Gcm128), GcmPlaintext);
        bench.Begin("AES-128-GCM refuses a wrong tag"u8);
        Refuse(ref bench, AeadAlgorithm.Aes128Gcm, bench.Hex(GcmKey[..32]), bench.Hex(GcmNonce), bench.Hex(GcmAad), bench.Hex(Gcm128));
        bench.Begin("ChaCha20-Poly1305 refuses a wrong tag"u8);
        Refuse(ref bench, AeadAlgorithm.ChaCha20Poly1305, bench.Hex(ChaChaKey), bench.Hex(ChaChaNonce), bench.Hex(ChaChaAad), bench.Hex(ChaCha));
    }

    private static void Seal(
        ref Workbench bench,
        AeadAlgorithm algorithm,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext,
        ReadOnlySpan<byte> expected)
    {
        Span<byte> output = bench.Take(plaintext.Length + Aead.TagBytes), scratch = bench.Take(Aead.ScratchBytes(algorithm));
        bench.Start();
        Aead.Seal(algorithm, key, nonce, aad, plaintext, output[..plaintext.Length], output[plaintext.Length..], scratch);
        bench.End(output, expected);
    }

    private static void SealZeros(ref Workbench bench, AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> expectedTag)
    {
        Span<byte> record = bench.Take(1024), tag = bench.Take(Aead.TagBytes), scratch = bench.Take(Aead.ScratchBytes(algorithm));
        record.Clear();
        bench.Start();
        Aead.Seal(algorithm, key, nonce, default, record, record, tag, scratch);
        bench.End(tag, expectedTag);
    }

    private static void Open(
        ref Workbench bench,
        AeadAlgorithm algorithm,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> aad,
        Span<byte> record,
        ReadOnlySpan<byte> expected)
    {
        Span<byte> text = record[..^Aead.TagBytes], scratch = bench.Take(Aead.ScratchBytes(algorithm));
        bench.Start();
        bool opened = Aead.Open(algorithm, key, nonce, aad, text, record[^Aead.TagBytes..], text, scratch);
        bench.End(opened ? text : default, expected);
    }

    private static void Refuse(
        ref Workbench bench, AeadAlgorithm algorithm, ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, Span<byte> record)
    {
        Span<byte> text = record[..^Aead.TagBytes], scratch = bench.Take(Aead.ScratchBytes(algorithm));
        record[^1] ^= 1;
        bench.Start();
        bench.End(!Aead.Open(algorithm, key, nonce, aad, text, record[^Aead.TagBytes..], text, scratch));
    }
}
