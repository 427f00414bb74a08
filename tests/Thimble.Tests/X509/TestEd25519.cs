using System;
using System.Security.Cryptography.X509Certificates;
using Thimble.Crypto;

namespace Thimble.Tests.X509;

/// <summary>Ed25519 for servers in memory, which the platform has not: by the engine's primitive, which has its own vectors.</summary>
internal static class TestEd25519
{
    public static byte[] Sign(Ed25519PrivateKey key, byte[] message)
    {
        byte[] signature = new byte[Ed25519.SignatureBytes];
        using var operation = new PlanBuffer(Ed25519.SignOperationBytes(nuint.Size));
        int work = int.MaxValue;
        return Ed25519.Sign(operation.Span, key.Seed, key.PublicKey, message, default, signature, ref work) == StepStatus.Done
            ? signature
            : throw new InvalidOperationException("Ed25519 does not sign.");
    }

    public static bool Verifies(X509Certificate2 certificate, byte[] message, byte[] signature)
    {
        using var operation = new PlanBuffer(Ed25519.VerifyOperationBytes(nuint.Size));
        int work = int.MaxValue;
        return certificate.PublicKey.Oid.Value == "1.3.101.112"
            && Ed25519.Verify(operation.Span, certificate.PublicKey.EncodedKeyValue.RawData, message, default, signature, ref work) == StepStatus.Done;
    }
}
