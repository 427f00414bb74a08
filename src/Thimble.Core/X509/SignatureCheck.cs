using System;
using Thimble.Crypto;

namespace Thimble.X509;

/// <summary>
/// A signature that waits to be verified, with all that is needed for it but scratch. The public-key operation thus runs
/// from where its caller stands, beneath none of a parser's frames. Leaks everything: it is all public.
/// </summary>
public readonly ref struct SignatureCheck
{
    private readonly SubjectPublicKey _key;
    private readonly Span<byte> _signature;
    private readonly ReadOnlySpan<byte> _digest;
    private readonly SignatureAlgorithm _algorithm;

    /// <summary>The signature over <paramref name="digest"/>, or with Ed25519 over the message in its place, under <paramref name="key"/>; an RSA signature is overwritten.</summary>
    public SignatureCheck(SubjectPublicKey key, SignatureAlgorithm algorithm, Span<byte> signature, ReadOnlySpan<byte> digest)
    {
        _key = key;
        _algorithm = algorithm;
        _signature = signature;
        _digest = digest;
    }

    /// <summary>Verifies as far as <paramref name="work"/> reaches, like <see cref="SubjectPublicKey.Verify"/>.</summary>
    public StepStatus Run(Span<byte> operation, ref int work) => _key.Verify(operation, _algorithm, _signature, _digest, ref work);
}
