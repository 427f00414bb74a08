using System;
using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble.Tests.Tls;

/// <summary>The server's ephemeral key. The platform has no X25519, so for that group Thimble's own serves both sides.</summary>
internal sealed class ScriptedGroup : IDisposable
{
    public const ushort P256 = 23;
    public const ushort P384 = 24;
    public const ushort Curve25519 = 29;

    private readonly ECDiffieHellman? _key;
    private readonly byte[] _scalar = new byte[32];

    public ScriptedGroup(ushort number, int seed)
    {
        if (number == Curve25519)
        {
            new Random(seed).NextBytes(_scalar);
            PublicKey = new byte[32];
            byte[] basePoint = new byte[32];
            basePoint[0] = 9;
            Multiply(_scalar, basePoint, PublicKey);
            return;
        }

        _key = ECDiffieHellman.Create(number == P256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        ECPoint point = _key.ExportParameters(false).Q;
        PublicKey = [4, .. point.X!, .. point.Y!];
    }

    /// <summary>The public key as it goes over the wire.</summary>
    public byte[] PublicKey { get; }

    /// <summary>The shared secret with a client's share.</summary>
    public byte[] Agree(byte[] share)
    {
        if (_key is null)
        {
            byte[] secret = new byte[32];
            Multiply(_scalar, share, secret);
            return secret;
        }

        int size = (share.Length - 1) / 2;
        using ECDiffieHellman peer = ECDiffieHellman.Create(new ECParameters
        {
            Curve = _key.ExportParameters(false).Curve,
            Q = new ECPoint { X = share[1..(1 + size)], Y = share[(1 + size)..] },
        });
        return _key.DeriveRawSecretAgreement(peer.PublicKey);
    }

    public void Dispose() => _key?.Dispose();

    private static void Multiply(byte[] scalar, byte[] u, byte[] result)
    {
        byte[] operation = GC.AllocateArray<byte>(X25519.OperationBytes, pinned: true);
        int work = int.MaxValue;
        if (X25519.ScalarMultiply(operation, scalar, u, result, ref work) != StepStatus.Done)
        {
            throw new CryptographicException("The shared secret is zero.");
        }
    }
}
