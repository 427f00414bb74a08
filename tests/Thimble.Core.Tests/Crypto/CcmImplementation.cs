using System;
using System.Linq;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>Every way in which this machine can compute AES-CCM. Scratch is exactly as large as declared, poisoned before, and guarded behind.</summary>
public sealed class CcmImplementation
{
    private const byte Guard = 0xA5;

    private readonly Func<int, int> _scratchBytes;
    private readonly SealFunction _seal;
    private readonly OpenFunction _open;
    private readonly StreamFunction _stream;

    private CcmImplementation(string name, Func<int, int> scratchBytes, SealFunction seal, OpenFunction open, StreamFunction stream)
    {
        Name = name;
        _scratchBytes = scratchBytes;
        _seal = seal;
        _open = open;
        _stream = stream;
    }

    private delegate void SealFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> plaintext, Span<byte> ciphertext, Span<byte> tag, Span<byte> scratch);

    private delegate bool OpenFunction(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> aad,
        ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, Span<byte> plaintext, Span<byte> scratch);

    private delegate byte[] StreamFunction(Case one, bool encrypts, int aadSplit, int textSplit, byte[] output);

    internal static CcmImplementation[] All { get; } =
    [
        new("dispatched", key => Ccm.ScratchBytes(key, nuint.Size), Ccm.Seal, Ccm.Open, Stream<CcmCipherPortable>),
        Of<CcmCipherPortable>("portable"),
        .. GcmInstructionsX86.IsSupported ? [Of<CcmCipherAccelerated<GcmInstructionsX86>>("accelerated")] : Array.Empty<CcmImplementation>(),
        .. GcmInstructionsArm.IsSupported ? [Of<CcmCipherAccelerated<GcmInstructionsArm>>("accelerated")] : Array.Empty<CcmImplementation>(),
    ];

    /// <summary>The names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(implementation => implementation.Name)];

    internal string Name { get; }

    internal static CcmImplementation Named(string name) => All.Single(implementation => implementation.Name == name);

    internal int ScratchBytes(int keyBytes) => _scratchBytes(keyBytes);

    internal (byte[] Ciphertext, byte[] Tag) Seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext, int tagBytes, bool inPlace)
    {
        byte[] scratch = Poisoned(key.Length), tag = new byte[tagBytes], source = [.. plaintext], destination = inPlace ? source : new byte[plaintext.Length];
        _seal(key, nonce, aad, source, destination, tag, scratch.AsSpan(0, _scratchBytes(key.Length)));
        Assert.Equal(-1, scratch.AsSpan(_scratchBytes(key.Length)).IndexOfAnyExcept(Guard));
        return (destination, tag);
    }

    internal bool Open(byte[] key, byte[] nonce, byte[] aad, byte[] ciphertext, byte[] tag, Span<byte> plaintext)
    {
        byte[] scratch = Poisoned(key.Length);
        bool opened = _open(key, nonce, aad, ciphertext, tag, plaintext, scratch.AsSpan(0, _scratchBytes(key.Length)));
        Assert.Equal(-1, scratch.AsSpan(_scratchBytes(key.Length)).IndexOfAnyExcept(Guard));
        return opened;
    }

    /// <summary>The tag of a record whose additional data and text come in two pieces each.</summary>
    internal byte[] Stream(Case one, bool encrypts, int aadSplit, int textSplit, byte[] output) => _stream(one, encrypts, aadSplit, textSplit, output);

    private static CcmImplementation Of<TCipher>(string name)
        where TCipher : struct, ICcmCipher
        => new(name, CcmRecord<TCipher>.ScratchBytes, Ccm.Seal<TCipher>, Ccm.Open<TCipher>, Stream<TCipher>);

    private static byte[] Stream<TCipher>(Case one, bool encrypts, int aadSplit, int textSplit, byte[] output)
        where TCipher : struct, ICcmCipher
    {
        var record = default(CcmRecord<TCipher>);
        byte[] cipher = new byte[TCipher.ScratchBytes(one.Key.Length)], text = encrypts ? one.Plaintext : one.Ciphertext;
        record.Start(one.Key, one.Nonce, one.Aad.Length, text.Length, one.Tag.Length, cipher);
        record.AuthenticateAad(one.Key, one.Aad.AsSpan(0, aadSplit), cipher);
        record.AuthenticateAad(one.Key, one.Aad.AsSpan(aadSplit), cipher);
        foreach ((int from, int to) in new[] { (0, textSplit), (textSplit, text.Length) })
        {
            if (encrypts)
            {
                record.Encrypt(one.Key, text.AsSpan(from, to - from), output.AsSpan(from), cipher);
            }
            else
            {
                record.Decrypt(one.Key, text.AsSpan(from, to - from), output.AsSpan(from), cipher);
            }
        }

        return record.Finish()[..one.Tag.Length].ToArray();
    }

    private byte[] Poisoned(int keyBytes)
    {
        byte[] scratch = new byte[_scratchBytes(keyBytes) + 64];
        scratch.AsSpan(0, _scratchBytes(keyBytes)).Fill(0xEE);
        scratch.AsSpan(_scratchBytes(keyBytes)).Fill(Guard);
        return scratch;
    }

    internal sealed record Case(byte[] Key, byte[] Nonce, byte[] Aad, byte[] Plaintext, byte[] Ciphertext, byte[] Tag);
}
