using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Thimble.Crypto;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Bench.Primitives;

/// <summary>The verification of a PKCS#1 v1.5 signature with e = 65537.</summary>
public class RsaVerification : Comparison
{
    private const uint Exponent = 65537;

    private readonly byte[] _digest = RandomNumberGenerator.GetBytes(32);
    private RSA? _platform;
    private Operation _operation = new(0);
    private byte[] _modulus = [];
    private byte[] _signature = [];

    /// <summary>The length of the modulus.</summary>
    [Params(2048, 4096)]
    public int Bits { get; set; }

    public override void Setup()
    {
        _platform = RSA.Create(Bits);
        _operation = new Operation(RsaVerify.OperationBytes(Bits));
        _modulus = RsaNumbers.LittleEndian(_platform.ExportParameters(false).Modulus);
        _signature = _platform.SignHash(_digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public override void Platform() => Require(_platform!.VerifyHash(_digest, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public override void Thimble()
    {
        int work = int.MaxValue;
        Require(RsaVerify.Pkcs1(_operation.Begin(), _modulus, Bits, Exponent, _signature, HashAlgorithm.Sha256, _digest, ref work) == StepStatus.Done);
    }

    protected override void Release() => _platform?.Dispose();
}
