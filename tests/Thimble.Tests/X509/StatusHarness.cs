using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tests.X509;

/// <summary>What a chain with a status came to.</summary>
internal sealed record StatusOutcome(ChainStatus Status, FaultReason Reason, uint Expected, uint Actual, bool IsGood);

/// <summary>Runs a chain and its status as the engine does: a new lens for each call, the input in pieces, guards around all memory.</summary>
internal sealed class StatusHarness
{
    public required StatusPki Pki { get; init; }

    /// <summary>Whether the status comes behind the whole chain, as in TLS 1.2, or behind the leaf.</summary>
    public bool BehindChain { get; init; }

    public int MaxRsaBits { get; init; } = 4096;

    public int MaxHashBits { get; init; } = 512;

    public int MaxEcdsaBits { get; init; } = 384;

    /// <summary>Not 0: Ed25519 may be in the chain.</summary>
    public int MaxEd25519TbsBytes { get; init; }

    public int Work { get; init; } = int.MaxValue;

    public long Now { get; init; } = TestPki.Now.ToUnixTimeSeconds();

    public IReadOnlyList<byte[]>? Chain { get; init; }

    public byte[]? Image { get; init; }

    /// <summary>How many bytes of the status region were written.</summary>
    public int StatusBytesUsed { get; private set; }

    public int StatusBytes => ChainVerifier.StatusBytes(MaxRsaBits, MaxEcdsaBits, MaxHashBits, MaxEd25519TbsBytes != 0);

    public StatusOutcome Run(byte[]? response, Func<int, int>? nextPiece = null)
    {
        const byte Poison = 0xA5;
        bool ed25519 = MaxEd25519TbsBytes != 0;
        int keyBytes = SubjectPublicKey.RegionBytes(MaxRsaBits, MaxEcdsaBits, ed25519);
        GuardedRegion[] regions =
        [
            .. new[]
            {
                ChainVerifier.StateBytes, keyBytes, keyBytes, ChainVerifier.SignatureBytes(MaxRsaBits, MaxEcdsaBits, ed25519), ChainVerifier.HashBytes(MaxHashBits),
                ChainVerifier.DigestBytes(MaxHashBits), ChainVerifier.OperationBytes(MaxRsaBits, MaxEcdsaBits, ed25519), ChainVerifier.TextBytes, StatusBytes,
                ChainVerifier.MessagesBytes(MaxEd25519TbsBytes),
            }.Select(static bytes => new GuardedRegion(bytes, Poison)),
        ];
        byte[] name = Encoding.ASCII.GetBytes("broker.example.com");

        ChainVerifier Lens(bool ofStatus)
        {
            var memory = new ChainMemory
            {
                State = regions[0].Span, LeafKey = regions[1].Span, IssuerKey = regions[2].Span, Signature = regions[3].Span, Hash = regions[4].Span,
                Digest = regions[5].Span, Operation = regions[6].Span, Text = regions[7].Span, Status = regions[8].Span,
                Messages = regions[9].Span,
            };
            var policy = new ChainPolicy
            {
                Trust = RomImage.FromChecked(Image ?? Pki.Image), ServerName = name, NowUnixSeconds = Now,
                MinRsaBits = 2048, MaxRsaBits = MaxRsaBits, MaxEcdsaBits = MaxEcdsaBits, MaxSignatureHashBits = MaxHashBits,
                Ed25519 = ed25519, MaxEd25519TbsBytes = MaxEd25519TbsBytes,
            };
            return ofStatus ? ChainVerifier.OfStatus(memory, policy) : new ChainVerifier(memory, policy);
        }

        Fault fault = default;
        int position = 0;

        ChainStatus Verify(bool ofStatus)
        {
            int work = Work;
            StepStatus verified = Lens(ofStatus).Pending.Run(regions[6].Span, ref work);
            return verified == StepStatus.More ? ChainStatus.MoreWork : Lens(ofStatus).Verified(verified, ref fault);
        }

        ChainStatus Feed(bool ofStatus, byte[] bytes)
        {
            int at = 0, piece = 0;
            ChainStatus status = ChainStatus.NeedMoreData;
            for (int calls = 0; status is ChainStatus.NeedMoreData or ChainStatus.MoreWork; calls++)
            {
                if (calls > 5_000_000 || (status == ChainStatus.NeedMoreData && at == bytes.Length && calls > 0))
                {
                    throw new InvalidOperationException("The verifier does not come to an end.");
                }

                if (Lens(ofStatus).IsVerifying)
                {
                    status = Verify(ofStatus);
                    continue;
                }

                piece = status == ChainStatus.MoreWork ? piece : (int)Math.Min(nextPiece?.Invoke(position + at) ?? int.MaxValue, bytes.Length - at);
                status = Lens(ofStatus).Update(bytes.AsSpan(at, piece), out int consumed, ref fault);
                at += consumed;
                piece -= consumed;
            }

            position += bytes.Length;
            return status;
        }

        ChainStatus FeedStatus()
        {
            if (response is null)
            {
                return ChainStatus.CertificateComplete;
            }

            Lens(true).BeginStatus(response.Length);
            return Feed(true, response);
        }

        Lens(false).Begin();
        ChainStatus status = ChainStatus.CertificateComplete;
        IReadOnlyList<byte[]> chain = Chain ?? Pki.Chain;
        for (int i = 0; i < chain.Count && status == ChainStatus.CertificateComplete; i++)
        {
            Lens(false).BeginCertificate(chain[i].Length);
            status = Feed(false, chain[i]);
            status = status == ChainStatus.CertificateComplete && i == 0 && !BehindChain ? FeedStatus() : status;
        }

        status = status == ChainStatus.Faulted ? status : Lens(false).End(ref fault);
        status = status == ChainStatus.Complete && BehindChain ? FeedStatus() : status;
        while (status is not (ChainStatus.Faulted or ChainStatus.MoreWork))
        {
            status = Lens(true).EndStatus(ref fault);
            if (status == ChainStatus.Complete)
            {
                break;
            }

            while (status == ChainStatus.MoreWork && Lens(true).IsVerifying)
            {
                status = Verify(true);
            }

            status = status == ChainStatus.MoreWork ? ChainStatus.NeedMoreData : status;
        }

        foreach (GuardedRegion region in regions)
        {
            region.Check();
        }

        StatusBytesUsed = StatusBytes - regions[8].Span.Count(Poison);
        return new StatusOutcome(status, fault.Reason, fault.Expected, fault.Actual, Lens(true).IsStatusGood);
    }
}
