using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>AlgorithmIdentifier, inside the signed part and beside the signature (RFC 5280 §4.1.1.2).</content>
public ref partial struct ChainVerifier
{
    /// <summary>The longest that is known: RSASSA-PSS with its parameters. It bounds what waits before the hash is known.</summary>
    private const int MaxAlgorithmIdentifierBytes = 65;

    private const byte HashArc = 0xFE, SaltBytes = 0xFF;

    /// <summary>Where the hash of the message is named, in both spellings.</summary>
    private const int PssHashAt = 14;

    /// <summary>
    /// The contents of RSASSA-PSS-params (RFC 4055 §3.1), with one hash for the message and for MGF1 and a salt of its
    /// length: the only parameters that TLS has code points for (RFC 8446 §4.2.3).
    /// </summary>
    private static ReadOnlySpan<byte> PssWithNulls =>
    [
        0xA0, 0x0F, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, HashArc, 0x05, 0x00,
        0xA1, 0x1C, 0x30, 0x1A, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08,
        0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, HashArc, 0x05, 0x00,
        0xA2, 0x03, 0x02, 0x01, SaltBytes,
    ];

    /// <summary>The same with the hashes' NULL parameters left out, which RFC 4055 §2.1 requires to accept.</summary>
    private static ReadOnlySpan<byte> PssWithoutNulls =>
    [
        0xA0, 0x0D, 0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, HashArc,
        0xA1, 0x1A, 0x30, 0x18, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x08,
        0x30, 0x0B, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, HashArc,
        0xA2, 0x03, 0x02, 0x01, SaltBytes,
    ];

    private bool TakeAlgorithmIdentifier() => _state.Step switch
    {
        Step.AlgorithmIdentifier => _der.Enter(DerTag.Sequence)
            && (_der.Length <= MaxAlgorithmIdentifierBytes || FailAlgorithm()) && To(Step.Algorithm),
        Step.Algorithm => _der.Atom(DerTag.ObjectIdentifier) && ChooseAlgorithm(),
        Step.NullParameters => _der.Atom(DerTag.Null) && To(Step.NoParameters),
        Step.PssParameters => _der.Next(out byte tag) && (tag == DerTag.Sequence || _der.Fail(DerTag.Sequence))
            && ChoosePssSpelling() && _der.Open(DerTag.Sequence) && To(Step.PssParametersBytes),
        Step.PssParametersBytes => TakePssParameters(),
        _ => _der.Leave() && EndAlgorithm(),
    };

    /// <summary>
    /// The parameters of PKCS#1 v1.5 are NULL and nothing else (RFC 4055 §5: "MUST be NULL"), those of ECDSA and Ed25519 are absent
    /// (RFC 5758 §3.2, RFC 8410 §3): with one spelling for each, the two identifiers of a certificate are equal when their names are.
    /// </summary>
    private bool ChooseAlgorithm()
    {
        switch (ObjectIdentifiers.Find(_der.Value))
        {
            case ObjectIdentifier.Sha256WithRsa:
                return Choose(SignatureAlgorithm.RsaPkcs1Sha256) && To(Step.NullParameters);
            case ObjectIdentifier.Sha384WithRsa:
                return Choose(SignatureAlgorithm.RsaPkcs1Sha384) && To(Step.NullParameters);
            case ObjectIdentifier.Sha512WithRsa:
                return Choose(SignatureAlgorithm.RsaPkcs1Sha512) && To(Step.NullParameters);
            case ObjectIdentifier.EcdsaWithSha256:
                return Choose(SignatureAlgorithm.EcdsaSha256) && To(Step.NoParameters);
            case ObjectIdentifier.EcdsaWithSha384:
                return Choose(SignatureAlgorithm.EcdsaSha384) && To(Step.NoParameters);
            case ObjectIdentifier.EcdsaWithSha512:
                return Choose(SignatureAlgorithm.EcdsaSha512) && To(Step.NoParameters);
            case ObjectIdentifier.RsassaPss:
                return To(Step.PssParameters);
            case ObjectIdentifier.Ed25519 when Has(ChainFlags.OfStatus):
                return FailAlgorithm(); // what it signed is not kept of a response and of who signs it
            case ObjectIdentifier.Ed25519:
                return Choose(SignatureAlgorithm.Ed25519) && To(Step.NoParameters);
            case ObjectIdentifier.Ed448 when !Has(ChainFlags.OuterAlgorithm):
                return Fail(FaultReason.SignatureNotStreamable);
            default:
                return FailAlgorithm();
        }
    }

    private bool FailAlgorithm() =>
        Fail(Has(ChainFlags.OuterAlgorithm) ? FaultReason.SignatureAlgorithmMismatch : FaultReason.SignatureAlgorithmUnsupported);

    /// <summary>Both identifiers of a certificate are spelled alike, or they are not equal.</summary>
    private bool ChoosePssSpelling()
    {
        bool withNulls = _der.Length == PssWithNulls.Length;
        if (!withNulls && _der.Length != PssWithoutNulls.Length)
        {
            return FailAlgorithm();
        }

        if (Has(ChainFlags.OuterAlgorithm))
        {
            return withNulls == Has(ChainFlags.PssWithNulls) || FailAlgorithm();
        }

        Set(ChainFlags.PssWithNulls, withNulls);
        return true;
    }

    private bool TakePssParameters()
    {
        ReadOnlySpan<byte> wanted = Has(ChainFlags.PssWithNulls) ? PssWithNulls : PssWithoutNulls;
        int at = wanted.Length - (int)_der.Remaining;
        foreach (byte octet in _der.Chunk())
        {
            // The hash's last arc is 1, 2 or 3; the salt is as long as the digest: 32, 48 or 64.
            ref byte arc = ref _state.Der.Atom[0];
            if (at == PssHashAt)
            {
                arc = octet;
            }

            bool isRight = wanted[at] switch
            {
                HashArc => octet == arc && octet is >= 1 and <= 3,
                SaltBytes => octet == (arc + 1) << 4,
                _ => octet == wanted[at],
            };
            if (!isRight)
            {
                return FailAlgorithm();
            }

            at++;
        }

        return _der.AtEnd && _der.Leave() && To(Step.NoParameters)
            && Choose(SignatureAlgorithms.Of(SignatureAlgorithms.Pss, (HashAlgorithm)(_state.Der.Atom[0] - 1 + (int)HashAlgorithm.Sha256)));
    }

    private bool Choose(SignatureAlgorithm algorithm)
    {
        if (Has(ChainFlags.OuterAlgorithm))
        {
            return algorithm == _state.Algorithm || Fail(FaultReason.SignatureAlgorithmMismatch, (uint)_state.Algorithm, (uint)algorithm);
        }

        _state.Algorithm = algorithm;
        uint bits = (uint)Hash.DigestBytes(SignatureAlgorithms.HashOf(algorithm)) * 8;
        return bits <= (uint)_policy.MaxSignatureHashBits
            || Fail(FaultReason.SignatureHashAboveProfileLimit, (uint)_policy.MaxSignatureHashBits, bits);
    }

    private bool EndAlgorithm() => To(Has(ChainFlags.OuterAlgorithm) ? Step.SignatureValue : IsResponse ? Step.ResponseHashEnds : Step.HashBegins);
}
