using System;
using System.Collections.Generic;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tests.X509;

/// <summary>What a verification came to, in a form that tests compare.</summary>
internal sealed record ChainOutcome(ChainStatus Status, FaultReason Reason, int Depth, uint Expected, uint Actual, string Text, string LeafKey);

/// <summary>Memory of exactly the declared sizes, poisoned, between guards that must not change.</summary>
internal sealed class GuardedRegion
{
    private const int GuardBytes = 16;
    private readonly byte[] _bytes;
    private readonly byte _guard;

    public GuardedRegion(int bytes, byte poison)
    {
        _bytes = GC.AllocateUninitializedArray<byte>(bytes + (2 * GuardBytes), pinned: true);
        _guard = (byte)~poison;
        _bytes.AsSpan().Fill(_guard);
        Span.Fill(poison);
    }

    public Span<byte> Span => _bytes.AsSpan(GuardBytes, _bytes.Length - (2 * GuardBytes));

    public void Check()
    {
        if (_bytes.AsSpan(0, GuardBytes).ContainsAnyExcept(_guard) || _bytes.AsSpan(_bytes.Length - GuardBytes).ContainsAnyExcept(_guard))
        {
            throw new InvalidOperationException("A region was overrun.");
        }
    }
}

/// <summary>Runs <see cref="ChainVerifier"/> as the engine does: a new lens for each call, the input in pieces.</summary>
internal sealed class ChainHarness
{
    public required byte[] Image { get; init; }

    public string ServerName { get; init; } = "broker.example.com";

    public long Now { get; init; } = TestPki.Now.ToUnixTimeSeconds();

    public int MinRsaBits { get; init; } = 2048;

    public int MaxRsaBits { get; init; } = 4096;

    public int MaxEcdsaBits { get; init; } = 521;

    public bool Ed25519 { get; init; }

    public int MaxEd25519TbsBytes { get; init; }

    public int MaxHashBits { get; init; } = 512;

    public int Work { get; init; } = int.MaxValue;

    public byte Poison { get; init; } = 0xA5;

    public ChainOutcome Run(params IReadOnlyList<byte[]> chain) => RunSplit(static _ => int.MaxValue, chain);

    /// <summary>Feeds pieces whose sizes <paramref name="nextPiece"/> chooses from the position in the whole chain.</summary>
    public ChainOutcome RunSplit(Func<int, int> nextPiece, params IReadOnlyList<byte[]> chain)
    {
        bool ed25519 = Ed25519 || MaxEd25519TbsBytes != 0;
        int keyBytes = SubjectPublicKey.RegionBytes(MaxRsaBits, MaxEcdsaBits, ed25519);
        GuardedRegion state = Region(ChainVerifier.StateBytes), leafKey = Region(keyBytes), issuerKey = Region(keyBytes),
            signature = Region(ChainVerifier.SignatureBytes(MaxRsaBits, MaxEcdsaBits, ed25519)), hash = Region(ChainVerifier.HashBytes(MaxHashBits)),
            digest = Region(ChainVerifier.DigestBytes(MaxHashBits)), operation = Region(ChainVerifier.OperationBytes(MaxRsaBits, MaxEcdsaBits, ed25519)),
            messages = Region(ChainVerifier.MessagesBytes(MaxEd25519TbsBytes)), text = Region(ChainVerifier.TextBytes);
        byte[] name = Encoding.ASCII.GetBytes(ServerName);

        ChainVerifier Lens()
        {
            var memory = new ChainMemory
            {
                State = state.Span, LeafKey = leafKey.Span, IssuerKey = issuerKey.Span, Signature = signature.Span,
                Hash = hash.Span, Digest = digest.Span, Operation = operation.Span, Messages = messages.Span, Text = text.Span,
            };
            var policy = new ChainPolicy
            {
                Trust = RomImage.FromChecked(Image), ServerName = name, NowUnixSeconds = Now,
                MinRsaBits = MinRsaBits, MaxRsaBits = MaxRsaBits, MaxEcdsaBits = MaxEcdsaBits, MaxSignatureHashBits = MaxHashBits,
                Ed25519 = ed25519, MaxEd25519TbsBytes = MaxEd25519TbsBytes,
            };
            return new ChainVerifier(memory, policy);
        }

        Fault fault = default;
        Lens().Begin();
        int position = 0;
        ChainStatus status = ChainStatus.CertificateComplete;
        foreach (byte[] certificate in chain)
        {
            Lens().BeginCertificate(certificate.Length);
            int at = 0;
            int piece = 0;
            long calls = 0;
            do
            {
                if (status != ChainStatus.MoreWork)
                {
                    piece = (int)Math.Min((long)nextPiece(position + at), certificate.Length - at);
                }

                if (Lens().IsVerifying)
                {
                    int work = Work;
                    StepStatus verified = Lens().Pending.Run(operation.Span, ref work);
                    status = verified == StepStatus.More ? ChainStatus.MoreWork : Lens().Verified(verified, ref fault);
                    calls++;
                    continue;
                }

                status = Lens().Update(certificate.AsSpan(at, piece), out int consumed, ref fault);
                at += consumed;
                piece -= consumed;
                if (consumed > certificate.Length || ++calls > 10_000_000)
                {
                    throw new InvalidOperationException("The verifier does not come to an end.");
                }

                if (status == ChainStatus.NeedMoreData && at == certificate.Length)
                {
                    throw new InvalidOperationException("The verifier wants more than the certificate holds.");
                }
            }
            while (status is ChainStatus.NeedMoreData or ChainStatus.MoreWork);

            if (status == ChainStatus.Faulted)
            {
                break;
            }

            if (at != certificate.Length)
            {
                throw new InvalidOperationException("A certificate was complete before its end.");
            }

            position += certificate.Length;
        }

        status = Lens().End(ref fault);
        foreach (GuardedRegion region in (GuardedRegion[])[state, leafKey, issuerKey, signature, hash, digest, operation, messages, text])
        {
            region.Check();
        }

        bool isComplete = status == ChainStatus.Complete;
        return new ChainOutcome(status, fault.Reason, fault.Reason == FaultReason.None ? 0 : fault.Depth, fault.Expected, fault.Actual,
            isComplete ? string.Empty : Encoding.UTF8.GetString(text.Span.Slice(1, text.Span[0])),
            isComplete ? Convert.ToHexString(leafKey.Span[..new SubjectPublicKey(leafKey.Span).Bytes]) : string.Empty);
    }

    private GuardedRegion Region(int bytes) => new(bytes, Poison);
}
