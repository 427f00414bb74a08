using System;
using System.Linq;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>
/// Every way in which this machine can compute an AEAD, chosen or not: each passes every vector. The scratch is exactly
/// as large as declared, full of poison before the call, and followed by bytes that must not change.
/// </summary>
public sealed class AeadImplementation
{
    private const byte Guard = 0xA5;

    private readonly int _scratchBytes;
    private readonly SealFunction _seal;
    private readonly OpenFunction _open;

    private AeadImplementation(string name, AeadAlgorithm algorithm, int scratchBytes, SealFunction seal, OpenFunction open)
    {
        Name = name;
        Algorithm = algorithm;
        _scratchBytes = scratchBytes;
        _seal = seal;
        _open = open;
    }

    private delegate void SealFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch);

    private delegate bool OpenFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch);

    internal static AeadImplementation[] All { get; } = [.. Gcms(AeadAlgorithm.Aes128Gcm, 16), .. Gcms(AeadAlgorithm.Aes256Gcm, 32), .. ChaChas()];

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(implementation => implementation.Name)];

    internal string Name { get; }

    internal AeadAlgorithm Algorithm { get; }

    internal static AeadImplementation Named(string name) => All.Single(implementation => implementation.Name == name);

    internal static AeadImplementation[] For(AeadAlgorithm algorithm) => [.. All.Where(implementation => implementation.Algorithm == algorithm)];

    internal static AeadImplementation[] ForGcm(int keyBytes) => For(keyBytes == 16 ? AeadAlgorithm.Aes128Gcm : AeadAlgorithm.Aes256Gcm);

    internal void Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag)
    {
        byte[] scratch = PoisonedScratch();
        _seal(key, nonce, aad, plaintext, ciphertext, tag, scratch.AsSpan(0, _scratchBytes));
        Assert.Equal(-1, scratch.AsSpan(_scratchBytes).IndexOfAnyExcept(Guard));
    }

    internal bool Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext)
    {
        byte[] scratch = PoisonedScratch();
        bool opened = _open(key, nonce, aad, ciphertext, tag, plaintext, scratch.AsSpan(0, _scratchBytes));
        Assert.Equal(-1, scratch.AsSpan(_scratchBytes).IndexOfAnyExcept(Guard));
        return opened;
    }

    /// <summary>How many bytes of the scratch a call of <see cref="Seal"/> writes: those that differ from one of two poisons.</summary>
    internal int WrittenScratch(int keyBytes, int aadBytes, int textBytes, out int declared)
    {
        byte[] first = new byte[_scratchBytes], second = new byte[_scratchBytes];
        first.AsSpan().Fill(0x5A);
        second.AsSpan().Fill(0xA5);
        byte[] text = new byte[textBytes];
        foreach (byte[] scratch in new[] { first, second })
        {
            _seal(new byte[keyBytes], new byte[12], new byte[aadBytes], text, new byte[textBytes], new byte[16], scratch);
        }

        declared = _scratchBytes;
        return first.Zip(second).Count(pair => pair.First == pair.Second);
    }

    private static AeadImplementation[] Gcms(AeadAlgorithm algorithm, int keyBytes)
    {
        AeadImplementation dispatched = Dispatched(algorithm);
        var portable = new AeadImplementation(algorithm + " portable", algorithm, GcmPortable.ScratchBytes(keyBytes), GcmPortable.Seal, GcmPortable.Open);
        return GcmInstructionsX86.IsSupported
            ? [dispatched, portable, Accelerated<GcmInstructionsX86>(algorithm, " accelerated"), Accelerated<GcmNarrowInstructions>(algorithm, " accelerated without the wide GHASH")]
            : GcmInstructionsArm.IsSupported ? [dispatched, portable, Accelerated<GcmInstructionsArm>(algorithm, " accelerated")] : [dispatched, portable];
    }

    private static AeadImplementation Accelerated<T>(AeadAlgorithm algorithm, string suffix)
        where T : struct, IGcmInstructions
        => new(algorithm + suffix, algorithm, GcmAccelerated<T>.ScratchBytes, GcmAccelerated<T>.Seal, GcmAccelerated<T>.Open);

    private static AeadImplementation[] ChaChas() =>
        [Dispatched(AeadAlgorithm.ChaCha20Poly1305), ChaCha<Poly1305Limbs13>("13"), ChaCha<Poly1305Limbs26>("26")];

    private static AeadImplementation ChaCha<T>(string limbBits)
        where T : struct, IPoly1305Limbs
        => new("ChaCha20Poly1305 limbs of " + limbBits, AeadAlgorithm.ChaCha20Poly1305, ChaCha20Poly1305<T>.ScratchBytes, ChaCha20Poly1305<T>.Seal, ChaCha20Poly1305<T>.Open);

    private static AeadImplementation Dispatched(AeadAlgorithm algorithm)
        => new(algorithm + " dispatched", algorithm, Aead.ScratchBytes(algorithm),
            (key, nonce, aad, plaintext, ciphertext, tag, scratch) => Aead.Seal(algorithm, key, nonce, aad, plaintext, ciphertext, tag, scratch),
            (key, nonce, aad, ciphertext, tag, plaintext, scratch) => Aead.Open(algorithm, key, nonce, aad, ciphertext, tag, plaintext, scratch));

    private byte[] PoisonedScratch()
    {
        byte[] scratch = new byte[_scratchBytes + 64];
        scratch.AsSpan(0, _scratchBytes).Fill(0xEE);
        scratch.AsSpan(_scratchBytes).Fill(Guard);
        return scratch;
    }
}
