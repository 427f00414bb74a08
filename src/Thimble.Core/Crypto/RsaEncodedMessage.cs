using System;

namespace Thimble.Crypto;

/// <summary>
/// What is to be signed, and the fresh random bytes for it. They are a key for HMAC over the signature's own hash,
/// expanded as HKDF-Expand (RFC 5869 §2.3) with one byte of <c>info</c> and one block. So every call can derive the same again, and nothing
/// of it needs to be kept.
/// </summary>
internal readonly ref struct RsaEncodedMessage
{
    /// <summary>Bytes of fresh randomness.</summary>
    public const int RandomBytes = 48;

    /// <summary>Scratch for <see cref="Encode"/> and <see cref="Derive"/>: a running hash and two digests, each at a multiple of 8.</summary>
    public const int ScratchBytes = 208 + (2 * Hash.MaxDigestBytes);

    private const int StateBytes = 208;
    private const byte SaltInfo = 2;

    private readonly ReadOnlySpan<byte> _digest;
    private readonly ReadOnlySpan<byte> _random;
    private readonly HashAlgorithm _algorithm;
    private readonly bool _isPss;

    public RsaEncodedMessage(bool isPss, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> random)
    {
        _isPss = isPss;
        _algorithm = algorithm;
        _digest = digest;
        _random = random;
    }

    /// <summary>Whether the digest is the algorithm's, the modulus long enough, and the randomness all there.</summary>
    public bool Fits(int bits) => _random.Length == RandomBytes
        && (_isPss ? PssEncoding.Fits(_algorithm, _digest.Length, bits) : Pkcs1Encoding.Fits(_algorithm, _digest.Length, bits >> 3));

    /// <summary>Fills <paramref name="encoded"/>, which is as long as the modulus, big-endian.</summary>
    public void Encode(Span<byte> encoded, int bits, Span<byte> scratch)
    {
        if (_isPss)
        {
            Span<byte> salt = Derive(SaltInfo, scratch);
            PssEncoding.Encode(_algorithm, _digest, salt, bits, encoded, scratch[..StateBytes], scratch[(StateBytes + Hash.MaxDigestBytes)..]);
            return;
        }

        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[encoded.Length - 1 - i] = Pkcs1Encoding.FromEnd(_algorithm, _digest, encoded.Length, i);
        }
    }

    /// <summary>A digest's length of pseudorandom bytes, in scratch.</summary>
    public Span<byte> Derive(byte info, Span<byte> scratch)
    {
        Span<byte> state = scratch[..StateBytes];
        Span<byte> output = scratch.Slice(StateBytes, Hash.DigestBytes(_algorithm));
        output[0] = info;
        output[1] = 1;
        Hmac.Initialize(_algorithm, state, _random);
        Hmac.Update(_algorithm, state, output[..2]);
        Hmac.Finish(_algorithm, state, _random, output);
        return output;
    }

    /// <summary>Whether s^e mod n is this message's encoding. <paramref name="block"/> is scratch for one digest.</summary>
    public StepStatus Check<TLimbs>(Span<byte> operation, scoped in RsaPrivateKey key, ReadOnlySpan<byte> signature, Span<byte> block, ref int work)
        where TLimbs : struct, IBigMontgomeryLimbs => _isPss
            ? RsaVerify.Pss<TLimbs>(operation, key.Modulus, key.Bits, key.Exponent, signature, block, _algorithm, _digest, ref work)
            : RsaVerify.Pkcs1<TLimbs>(operation, key.Modulus, key.Bits, key.Exponent, signature, _algorithm, _digest, ref work);
}
