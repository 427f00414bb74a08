using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>
/// The same work with a hundred secrets takes the same number of instructions, to within the few of the loop that reads
/// the timer. What the disassembly cannot tell, since it knows no values, shows here.
/// </summary>
internal static class SecretTimes
{
    private const int Secrets = 100;
    private const int MessageBytes = 100;
    private const int WorkspaceBytes = 2048;

    private enum Operation
    {
        HmacSha256,
        HmacSha384,
        Prf,
        Aes128Gcm,
        Aes256Gcm,
        ChaCha20Poly1305,
        X25519,
        P256PublicKey,
        P256Agreement,

        /// <summary>The control: a few instructions more for every other secret.</summary>
        Branch,
    }

    public static void Run(ref Workbench bench)
    {
        bench.Begin("A branch on a secret is noticed"u8);
        Compare(ref bench, Operation.Branch);
        bench.Begin("HMAC-SHA-256 of 100 secrets"u8);
        Compare(ref bench, Operation.HmacSha256);
        bench.Begin("HMAC-SHA-384 of 100 secrets"u8);
        Compare(ref bench, Operation.HmacSha384);
        bench.Begin("PRF with SHA-256 of 100 secrets"u8);
        Compare(ref bench, Operation.Prf);
        bench.Begin("AES-128-GCM with 100 keys and texts"u8);
        Compare(ref bench, Operation.Aes128Gcm);
        bench.Begin("AES-256-GCM with 100 keys and texts"u8);
        Compare(ref bench, Operation.Aes256Gcm);
        bench.Begin("ChaCha20-Poly1305 with 100 keys and texts"u8);
        Compare(ref bench, Operation.ChaCha20Poly1305);
        bench.Begin("X25519 with 100 scalars"u8);
        Compare(ref bench, Operation.X25519);
        bench.Begin("P-256 public keys of 100 private ones"u8);
        Compare(ref bench, Operation.P256PublicKey);
        bench.Begin("P-256 agreements with 100 private keys"u8);
        Compare(ref bench, Operation.P256Agreement);
    }

    private static void Compare(ref Workbench bench, Operation operation)
    {
        Span<byte> drbg = bench.Take(HmacDrbg.StateBytes), scratch = bench.Take(HmacDrbg.ScratchBytes);
        Span<byte> secret = bench.Take(48 + MessageBytes), peer = bench.Take(65), result = bench.Take(MessageBytes + Aead.TagBytes), workspace = bench.Take(WorkspaceBytes);
        secret.Clear();
        secret[0] = 1;
        bool done = HmacDrbg.Instantiate(drbg, secret[..32], secret[32..48], default, scratch) && MakePeer(operation, secret, peer, workspace);
        uint first = 0;
        uint different = 0;
        bench.Start();
        for (int i = 0; i < Secrets && done; i++)
        {
            done = HmacDrbg.Generate(drbg, secret, default, scratch);
            uint taken = Time(operation, secret, peer, result, workspace, ref done);
            first = i == 0 ? taken : first;
            different += taken == first ? 0u : 1;
        }

        bool expected = operation == Operation.Branch ? different != 0 : different == 0;
        bench.End(done && expected, first);
    }

    /// <summary>Instructions, to the resolution of <see cref="SysTick.Stop"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static uint Time(Operation operation, Span<byte> secret, Span<byte> peer, Span<byte> result, Span<byte> workspace, ref bool done)
    {
        SysTick.Start();
        done &= Perform(operation, secret, peer, result, workspace);
        return SysTick.Stop();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Perform(Operation operation, Span<byte> secret, Span<byte> peer, Span<byte> result, Span<byte> workspace)
    {
        switch (operation)
        {
            case Operation.HmacSha256:
                return Authenticate(HashAlgorithm.Sha256, secret, result, workspace);
            case Operation.HmacSha384:
                return Authenticate(HashAlgorithm.Sha384, secret, result, workspace);
            case Operation.Prf:
                Prf12.Expand(HashAlgorithm.Sha256, secret[..48], "key expansion"u8, peer[..32], default, result[..MessageBytes], workspace);
                return true;
            case Operation.Aes128Gcm:
                return Seal(AeadAlgorithm.Aes128Gcm, secret, peer, result, workspace);
            case Operation.Aes256Gcm:
                return Seal(AeadAlgorithm.Aes256Gcm, secret, peer, result, workspace);
            case Operation.ChaCha20Poly1305:
                return Seal(AeadAlgorithm.ChaCha20Poly1305, secret, peer, result, workspace);
            case Operation.X25519:
                return Agree(NamedGroup.X25519, secret, peer[..32], result[..32], workspace);
            case Operation.Branch:
                return Branch(secret, result);
            case Operation.P256PublicKey:
                return Derive(NamedGroup.Secp256r1, secret, result[..65], workspace);
            default:
                return Agree(NamedGroup.Secp256r1, secret, peer, result[..32], workspace);
        }
    }

    private static bool Branch(Span<byte> secret, Span<byte> result)
    {
        for (int i = 0; i < 4 * (secret[0] & 1); i++)
        {
            result[i] = (byte)i;
        }

        return true;
    }

    private static bool Authenticate(HashAlgorithm hash, Span<byte> secret, Span<byte> result, Span<byte> workspace)
    {
        Hmac.Initialize(hash, workspace, secret[..48]);
        Hmac.Update(hash, workspace, secret[48..]);
        Hmac.Finish(hash, workspace, secret[..48], result[..Hash.DigestBytes(hash)]);
        return true;
    }

    private static bool Seal(AeadAlgorithm aead, Span<byte> secret, Span<byte> nonce, Span<byte> result, Span<byte> workspace)
    {
        Aead.Seal(aead, secret[..Aead.KeyBytes(aead)], nonce[..Aead.NonceBytes], nonce[..13], secret[48..], result[..MessageBytes], result[MessageBytes..], workspace);
        return true;
    }

    private static bool Derive(NamedGroup group, Span<byte> secret, Span<byte> publicKey, Span<byte> workspace)
    {
        int work = int.MaxValue;
        workspace[..8].Clear();
        return KeyAgreement.PublicKey(group, workspace, secret[..32], publicKey, ref work) == StepStatus.Done;
    }

    private static bool Agree(NamedGroup group, Span<byte> secret, Span<byte> peer, Span<byte> shared, Span<byte> workspace)
    {
        int work = int.MaxValue;
        workspace[..8].Clear();
        return KeyAgreement.Agree(group, workspace, secret[..32], peer, shared, ref work) == StepStatus.Done;
    }

    /// <summary>A public value: another key's share, or bytes that serve as a nonce.</summary>
    private static bool MakePeer(Operation operation, Span<byte> secret, Span<byte> peer, Span<byte> workspace) =>
        operation == Operation.P256Agreement
            ? Derive(NamedGroup.Secp256r1, secret, peer, workspace)
            : Derive(NamedGroup.X25519, secret, peer[..32], workspace);
}
