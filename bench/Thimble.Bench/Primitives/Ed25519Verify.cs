using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>Ed25519. The platform has none, so its verification with ECDSA on P-256, which a handshake would use instead, stands beside it.</summary>
public class Ed25519Verify : Comparison
{
    private readonly EcdsaVerify _p256 = new() { Group = NamedGroup.Secp256r1 };
    private readonly Operation _operation = new(Ed25519.SignOperationBytes(nuint.Size));
    private readonly byte[] _public = new byte[Ed25519.PublicKeyBytes];
    private readonly byte[] _message = RandomNumberGenerator.GetBytes(130);
    private readonly byte[] _signature = new byte[Ed25519.SignatureBytes];

    public override void Setup()
    {
        _p256.Setup();
        byte[] privateKey = RandomNumberGenerator.GetBytes(Ed25519.PrivateKeyBytes);
        int work = int.MaxValue;
        Require(Ed25519.PublicKey(_operation.Begin(), privateKey, _public, ref work) == StepStatus.Done);
        Require(Ed25519.Sign(_operation.Begin(), privateKey, _public, _message, default, _signature, ref work) == StepStatus.Done);
    }

    [Benchmark(Baseline = true)]
    public override void Platform() => _p256.Platform();

    [Benchmark]
    public override void Thimble()
    {
        int work = int.MaxValue;
        Require(Ed25519.Verify(_operation.Begin(), _public, _message, default, _signature, ref work) == StepStatus.Done);
    }

    protected override void Release() => _p256.Dispose();
}
