using System;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>
/// Authenticated encryption of a record's content. Thimble gets the raw key each time and expands it; the platform's
/// object has expanded it beforehand.
/// </summary>
public abstract class AeadBenchmark : Comparison
{
    private AesGcm? _gcm;
    private AesCcm? _ccm;
    private ChaCha20Poly1305? _chaCha;
    private byte[] _key = [];
    private Operation _scratch = new(0);

    /// <summary>Which cipher.</summary>
    [Params(AeadAlgorithm.Aes128Gcm, AeadAlgorithm.Aes256Gcm, AeadAlgorithm.ChaCha20Poly1305, AeadAlgorithm.Aes128Ccm)]
    public AeadAlgorithm Algorithm { get; set; }

    /// <summary>The length of the content.</summary>
    [Params(64, 1024, 16 * 1024)]
    public int Bytes { get; set; }

    private protected byte[] Nonce { get; } = RandomNumberGenerator.GetBytes(Aead.NonceBytes);

    private protected byte[] AdditionalData { get; } = RandomNumberGenerator.GetBytes(13);

    private protected byte[] Plaintext { get; private set; } = [];

    private protected byte[] Ciphertext { get; private set; } = [];

    private protected byte[] Tag { get; } = new byte[Aead.TagBytes];

    private protected byte[] Output { get; private set; } = [];

    public override void Setup()
    {
        _key = RandomNumberGenerator.GetBytes(Aead.KeyBytes(Algorithm));
        _scratch = new Operation(Aead.ScratchBytes(Algorithm));
        Plaintext = RandomNumberGenerator.GetBytes(Bytes);
        Ciphertext = new byte[Bytes];
        Output = new byte[Bytes];
        if (Algorithm == AeadAlgorithm.ChaCha20Poly1305)
        {
            _chaCha = new ChaCha20Poly1305(_key);
        }
        else if (Algorithm == AeadAlgorithm.Aes128Ccm)
        {
            _ccm = new AesCcm(_key);
        }
        else
        {
            _gcm = new AesGcm(_key, Aead.TagBytes);
        }

        PlatformSeal();
        Require(ThimbleOpen() && Output.AsSpan().SequenceEqual(Plaintext));
        ThimbleSeal();
        PlatformOpen();
    }

    private protected void PlatformSeal()
    {
        _gcm?.Encrypt(Nonce, Plaintext, Ciphertext, Tag, AdditionalData);
        _ccm?.Encrypt(Nonce, Plaintext, Ciphertext, Tag, AdditionalData);
        _chaCha?.Encrypt(Nonce, Plaintext, Ciphertext, Tag, AdditionalData);
    }

    private protected void ThimbleSeal() =>
        Aead.Seal(Algorithm, _key, Nonce, AdditionalData, Plaintext, Ciphertext, Tag, _scratch.Begin());

    private protected void PlatformOpen()
    {
        _gcm?.Decrypt(Nonce, Ciphertext, Tag, Output, AdditionalData);
        _ccm?.Decrypt(Nonce, Ciphertext, Tag, Output, AdditionalData);
        _chaCha?.Decrypt(Nonce, Ciphertext, Tag, Output, AdditionalData);
    }

    private protected bool ThimbleOpen() =>
        Aead.Open(Algorithm, _key, Nonce, AdditionalData, Ciphertext, Tag, Output, _scratch.Begin());

    protected override void Release()
    {
        _gcm?.Dispose();
        _ccm?.Dispose();
        _chaCha?.Dispose();
    }
}
