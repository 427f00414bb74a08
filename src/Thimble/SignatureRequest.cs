using System;
using System.Security.Cryptography;
using Thimble.Tls;

namespace Thimble;

/// <summary>What a private key that is kept elsewhere is asked to sign.</summary>
/// <param name="Scheme">The algorithm with its hash and padding. A signature of ECDSA is DER (RFC 3279 §2.2.3).</param>
/// <param name="ToBeSigned">The digest under <see cref="Hash"/>, as the <c>SignHash</c> methods of .NET take it; for Ed25519 the message.</param>
public sealed record SignatureRequest(SignatureScheme Scheme, ReadOnlyMemory<byte> ToBeSigned)
{
    /// <summary>The hash that <see cref="ToBeSigned"/> is a digest of; of Ed25519 none.</summary>
    public HashAlgorithmName Hash => Scheme switch
    {
        SignatureScheme.EcdsaSha256 or SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPssRsaeSha256 => HashAlgorithmName.SHA256,
        SignatureScheme.EcdsaSha384 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPssRsaeSha384 => HashAlgorithmName.SHA384,
        SignatureScheme.EcdsaSha512 or SignatureScheme.RsaPkcs1Sha512 or SignatureScheme.RsaPssRsaeSha512 => HashAlgorithmName.SHA512,
        _ => default,
    };

    /// <summary>How RSA pads; of other algorithms null.</summary>
    public RSASignaturePadding? Padding => Scheme switch
    {
        SignatureScheme.RsaPkcs1Sha256 or SignatureScheme.RsaPkcs1Sha384 or SignatureScheme.RsaPkcs1Sha512 => RSASignaturePadding.Pkcs1,
        SignatureScheme.RsaPssRsaeSha256 or SignatureScheme.RsaPssRsaeSha384 or SignatureScheme.RsaPssRsaeSha512 => RSASignaturePadding.Pss,
        _ => null,
    };
}
