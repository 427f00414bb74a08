using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// What a cipher suite's number stands for, in one byte, so that a connection finds its suite's line in the table once and not
/// for each record. The default is that of no suite.
/// </summary>
internal readonly struct SuiteFacts
{
    // From the low bit on: the key exchange, whether the hash is SHA-384, the AEAD.
    public const int Sha384 = 1 << 3;
    public const int AeadAt = 4;
    private const int Mask = 7;

    private readonly byte _packed;

    /// <summary>The facts as they stand in the table.</summary>
    public SuiteFacts(byte packed) => _packed = packed;

    /// <summary>How the keys come about.</summary>
    public KeyExchange KeyExchange => (KeyExchange)(_packed & Mask);

    /// <summary>The record cipher, be it in this build or not.</summary>
    public AeadAlgorithm Aead => (AeadAlgorithm)((_packed >> AeadAt) & Mask);

    /// <summary>Whether the hash is SHA-384, be it in this build or not.</summary>
    public bool IsOfSha384 => (_packed & Sha384) != 0;

    /// <summary>The hash of the transcript and of the pseudorandom function.</summary>
    public HashAlgorithm Hash => Features.Sha512 && IsOfSha384 ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256;

    /// <summary>The bytes of nonce that come from the keys: 4 for AES in TLS 1.2 (RFC 5288 §3, RFC 6655 §3), otherwise 12 (RFC 7905 §2, RFC 8446 §5.3).</summary>
    public int FixedNonceBytes => HasExplicitNonce ? 4 : 12;

    /// <summary>The bytes of nonce that stand in each record: 8 for AES in TLS 1.2, otherwise none.</summary>
    public int ExplicitNonceBytes => HasExplicitNonce ? 8 : 0;

    /// <summary>A suite of TLS 1.3 says nothing about the exchange (RFC 8446 §B.4).</summary>
    private bool HasExplicitNonce => Features.Tls12 && KeyExchange != KeyExchange.Negotiated && Aead != AeadAlgorithm.ChaCha20Poly1305;
}
