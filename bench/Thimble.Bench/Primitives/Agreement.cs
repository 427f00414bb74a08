using System;
using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>ECDH: the shared secret from a private key and the peer's public one.</summary>
public class Agreement : EcBenchmark
{
    private ECDiffieHellman? _platform;
    private ECDiffieHellman? _peer;
    private ECDiffieHellmanPublicKey? _peerPublic;
    private Operation _operation = new(0);
    private byte[] _private = [];
    private byte[] _peerPoint = [];
    private byte[] _secret = [];

    public override void Setup()
    {
        _platform = ECDiffieHellman.Create(Curve);
        _peer = ECDiffieHellman.Create(Curve);
        _peerPublic = _peer.PublicKey;
        _operation = new Operation(KeyAgreement.OperationBytes(Group));
        _private = _platform.ExportParameters(true).D!;
        _peerPoint = [4, .. Point(_peer.ExportParameters(false))];
        _secret = new byte[KeyAgreement.SharedSecretBytes(Group)];
        Thimble();
        Require(_secret.AsSpan().SequenceEqual(_platform.DeriveRawSecretAgreement(_peerPublic)));
    }

    public override void Platform() => _ = _platform!.DeriveRawSecretAgreement(_peerPublic!);

    public override void Thimble()
    {
        int work = int.MaxValue;
        Require(KeyAgreement.Agree(Group, _operation.Begin(), _private, _peerPoint, _secret, ref work) == StepStatus.Done);
    }

    protected override void Release()
    {
        _peerPublic?.Dispose();
        _peer?.Dispose();
        _platform?.Dispose();
    }
}
