using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Tests.X509;

/// <summary>Issues certificates with an Ed25519 key (RFC 8410 §3: no parameters).</summary>
internal sealed class TestEd25519Generator(Ed25519PrivateKey key) : X509SignatureGenerator
{
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300506032B6570");

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => TestEd25519.Sign(key, data);

    protected override PublicKey BuildPublicKey() => PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
}
