using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>X25519. The platform has none, so its agreement on P-256, which a handshake would use instead, stands beside it.</summary>
public class X25519Agreement : Comparison
{
    private readonly Agreement _p256 = new() { Group = NamedGroup.Secp256r1 };
    private readonly Operation _operation = new(X25519.OperationBytes);
    private readonly byte[] _private = RandomNumberGenerator.GetBytes(X25519.KeyBytes);
    private readonly byte[] _peer = RandomNumberGenerator.GetBytes(X25519.KeyBytes);
    private readonly byte[] _secret = new byte[X25519.KeyBytes];

    public override void Setup() => _p256.Setup();

    public override void Platform() => _p256.Platform();

    public override void Thimble()
    {
        int work = int.MaxValue;
        Require(X25519.ScalarMultiply(_operation.Begin(), _private, _peer, _secret, ref work) == StepStatus.Done);
    }

    protected override void Release() => _p256.Dispose();
}
