using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Crypto;

namespace Thimble.Tests.X509;

/// <summary>An Ed25519 key, which the platform has no type for. It signs with the core's own code, which RFC 8032's vectors and OpenSSL confirm.</summary>
internal sealed class TestEd25519Key : AsymmetricAlgorithm
{
    private static readonly byte[] Pkcs8 = Convert.FromHexString("302E020100300506032B657004220420");
    private static readonly byte[] Spki = Convert.FromHexString("302A300506032B6570032100");
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(Ed25519.PrivateKeyBytes);
    private readonly byte[] _public = new byte[Ed25519.PublicKeyBytes];

    public TestEd25519Key()
    {
        KeySizeValue = 256;
        int work = int.MaxValue;
        if (Ed25519.PublicKey(Memory(Ed25519.PublicKeyOperationBytes(nuint.Size)), _seed, _public, ref work) != StepStatus.Done)
        {
            throw new CryptographicException("A key without a public key.");
        }
    }

    public ReadOnlySpan<byte> Public => _public;

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        byte[] signature = new byte[Ed25519.SignatureBytes];
        int work = int.MaxValue;
        return Ed25519.Sign(Memory(Ed25519.SignOperationBytes(nuint.Size)), _seed, _public, message, default, signature, ref work) == StepStatus.Done
            ? signature
            : throw new CryptographicException("A signature that does not verify.");
    }

    public override bool TryExportPkcs8PrivateKey(Span<byte> destination, out int bytesWritten) => TryWrite([.. Pkcs8, .. _seed], destination, out bytesWritten);

    public override bool TryExportSubjectPublicKeyInfo(Span<byte> destination, out int bytesWritten) => TryWrite([.. Spki, .. _public], destination, out bytesWritten);

    private static bool TryWrite(byte[] bytes, Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = bytes.AsSpan().TryCopyTo(destination) ? bytes.Length : 0;
        return bytesWritten != 0;
    }

    private static byte[] Memory(int bytes) => GC.AllocateArray<byte>(bytes, pinned: true);
}

/// <summary>Issues certificates with an Ed25519 key (RFC 8410 §3: no parameters).</summary>
internal sealed class TestEd25519Generator(TestEd25519Key key) : X509SignatureGenerator
{
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300506032B6570");

    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.Sign(data);

    protected override PublicKey BuildPublicKey() => PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _);
}
