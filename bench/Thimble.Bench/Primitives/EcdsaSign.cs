using System;
using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>A signature. Thimble verifies each of its own before it gives it out, and that is part of what is measured.</summary>
public class EcdsaSign : EcBenchmark
{
    private readonly byte[] _random = RandomNumberGenerator.GetBytes(32);
    private ECDsa? _platform;
    private Operation _operation = new(0);
    private byte[] _private = [];
    private byte[] _public = [];
    private byte[] _digest = [];
    private byte[] _signature = [];

    public override void Setup()
    {
        _platform = ECDsa.Create(Curve);
        ECParameters key = _platform.ExportParameters(true);
        _private = key.D!;
        _public = Point(key);
        _operation = new Operation(Ecdsa.SignOperationBytes(Group));
        _digest = RandomNumberGenerator.GetBytes(Crypto.Hash.DigestBytes(Hash));
        _signature = new byte[Ecdsa.MaxSignatureBytes(Group)];
        Require(_platform.VerifyHash(_digest, _signature.AsSpan(0, Sign()), DSASignatureFormat.Rfc3279DerSequence));
    }

    public override void Platform() =>
        Require(_platform!.TrySignHash(_digest, _signature, DSASignatureFormat.Rfc3279DerSequence, out _));

    public override void Thimble() => Sign();

    protected override void Release() => _platform?.Dispose();

    private int Sign()
    {
        int work = int.MaxValue;
        Require(Ecdsa.Sign(Group, _operation.Begin(), _private, _public, Hash, _digest, _random, _signature, out int written, ref work) == StepStatus.Done);
        return written;
    }
}
