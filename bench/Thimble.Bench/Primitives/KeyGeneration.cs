using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>An ephemeral key pair. Thimble's random number comes from outside; drawing it is part of it here.</summary>
public class KeyGeneration : EcBenchmark
{
    private ECDiffieHellman? _platform;
    private Operation _operation = new(0);
    private byte[] _private = [];
    private byte[] _public = [];

    public override void Setup()
    {
        _platform = ECDiffieHellman.Create(Curve);
        _operation = new Operation(KeyAgreement.OperationBytes(Group));
        _private = new byte[KeyAgreement.PrivateKeyBytes(Group)];
        _public = new byte[KeyAgreement.PublicKeyBytes(Group)];
    }

    public override void Platform() => _platform!.GenerateKey(Curve);

    public override void Thimble()
    {
        do
        {
            RandomNumberGenerator.Fill(_private);
        }
        while (!KeyAgreement.IsPrivateKey(Group, _private));
        int work = int.MaxValue;
        Require(KeyAgreement.PublicKey(Group, _operation.Begin(), _private, _public, ref work) == StepStatus.Done);
    }

    protected override void Release() => _platform?.Dispose();
}
