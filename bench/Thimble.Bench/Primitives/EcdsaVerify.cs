using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>The verification of a signature.</summary>
public class EcdsaVerify : EcBenchmark
{
    private ECDsa? _platform;
    private Operation _operation = new(0);
    private byte[] _public = [];
    private byte[] _digest = [];
    private byte[] _signature = [];

    public override void Setup()
    {
        _platform = ECDsa.Create(Curve);
        _public = Point(_platform.ExportParameters(false));
        _operation = new Operation(Ecdsa.VerifyOperationBytes(Group));
        _digest = RandomNumberGenerator.GetBytes(Crypto.Hash.DigestBytes(Hash));
        _signature = _platform.SignHash(_digest, DSASignatureFormat.Rfc3279DerSequence);
    }

    public override void Platform() => Require(_platform!.VerifyHash(_digest, _signature, DSASignatureFormat.Rfc3279DerSequence));

    public override void Thimble()
    {
        int work = int.MaxValue;
        Require(Ecdsa.Verify(Group, _operation.Begin(), _public, _digest, _signature, ref work) == StepStatus.Done);
    }

    protected override void Release() => _platform?.Dispose();
}
