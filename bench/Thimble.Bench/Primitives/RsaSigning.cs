using System.Security.Cryptography;
using Thimble.Crypto;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Bench.Primitives;

/// <summary>An RSA-2048 signature of PKCS#1 v1.5. Both sides blind and check it.</summary>
public class RsaSigning : Comparison
{
    private const int Bits = 2048;

    private readonly RSA _platform = RSA.Create(Bits);
    private readonly Operation _operation = new(RsaSign.OperationBytes(Bits));
    private readonly byte[] _digest = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _random = RandomNumberGenerator.GetBytes(RsaSign.RandomBytes);
    private readonly byte[] _signature = new byte[Bits / 8];
    private byte[] _n = [], _p = [], _q = [], _dp = [], _dq = [], _qInv = [];

    public override void Setup()
    {
        RSAParameters key = _platform.ExportParameters(true);
        _n = RsaNumbers.LittleEndian(key.Modulus);
        _p = RsaNumbers.LittleEndian(key.P);
        _q = RsaNumbers.LittleEndian(key.Q);
        _dp = RsaNumbers.LittleEndian(key.DP);
        _dq = RsaNumbers.LittleEndian(key.DQ);
        _qInv = RsaNumbers.LittleEndian(key.InverseQ);
        Thimble();
        Require(_platform.VerifyHash(_digest, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public override void Platform() =>
        Require(_platform.TrySignHash(_digest, _signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, out _));

    public override void Thimble()
    {
        var key = new RsaPrivateKey { Bits = Bits, Exponent = 65537, Modulus = _n, P = _p, Q = _q, Dp = _dp, Dq = _dq, QInv = _qInv };
        int work = int.MaxValue;
        Require(RsaSign.Pkcs1(_operation.Begin(), key, HashAlgorithm.Sha256, _digest, _random, _signature, ref work) == StepStatus.Done);
    }

    protected override void Release() => _platform.Dispose();
}
