using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble.Cli.Probe;

/// <summary>A key pair for one ClientHello. It guards nothing but what a server tells everybody, and is used once.</summary>
internal sealed class KeyShare
{
    private readonly NamedGroup _group;
    private readonly byte[] _privateKey;

    public KeyShare(NamedGroup group)
    {
        _group = group;
        _privateKey = new byte[KeyAgreement.PrivateKeyBytes(group)];
        do
        {
            RandomNumberGenerator.Fill(_privateKey);
        }
        while (!KeyAgreement.IsPrivateKey(group, _privateKey));

        PublicKey = new byte[KeyAgreement.PublicKeyBytes(group)];
        Span<byte> operation = Operation(group);
        StepStatus status;
        do
        {
            int work = int.MaxValue;
            status = KeyAgreement.PublicKey(group, operation, _privateKey, PublicKey, ref work);
        }
        while (status == StepStatus.More);
    }

    public byte[] PublicKey { get; }

    /// <summary>The secret shared with the server, or null where its key is none (RFC 8446 §7.4).</summary>
    public byte[]? Agree(ReadOnlySpan<byte> serverKey)
    {
        byte[] secret = new byte[KeyAgreement.SharedSecretBytes(_group)];
        Span<byte> operation = Operation(_group);
        StepStatus status;
        do
        {
            int work = int.MaxValue;
            status = KeyAgreement.Agree(_group, operation, _privateKey, serverKey, secret, ref work);
        }
        while (status == StepStatus.More);
        return status == StepStatus.Done ? secret : null;
    }

    /// <summary>Registers, aligned as they must be.</summary>
    private static Span<byte> Operation(NamedGroup group) =>
        MemoryMarshal.AsBytes(new ulong[(KeyAgreement.OperationBytes(group) + 7) / 8].AsSpan())[..KeyAgreement.OperationBytes(group)];
}
