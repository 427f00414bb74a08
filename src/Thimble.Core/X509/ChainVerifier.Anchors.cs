using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>Trust anchors: tried after each certificate, before the next one is looked at (RULES 9).</content>
public ref partial struct ChainVerifier
{
    private readonly TrustAnchor Anchor => _policy.Trust.AnchorAt(_state.AnchorOffset);

    /// <summary>Finds the next anchor that may have issued this certificate; several may share a name.</summary>
    private bool SeekAnchor()
    {
        if (IsTrustedByPin)
        {
            return To(Step.AnchorTrusted);
        }

        for (; _state.AnchorsLeft != 0; PassAnchor())
        {
            bool isItself = IsAnchorItself();
            if (!(isItself || IsIssuer()) || LacksPin())
            {
                continue;
            }

            if (isItself)
            {
                return To(Step.AnchorTrusted);
            }

            KeepSignature();
            return KeyFits() && BeginOperation() && To(Step.VerifyAnchor);
        }

        // The next certificate must bear this one's issuer as its subject.
        _state.Subject = _state.Issuer;
        return To(Step.CertificateDone);
    }

    private void PassAnchor()
    {
        _state.AnchorOffset += Anchor.EntryBytes;
        _state.AnchorsLeft--;
    }

    /// <summary>
    /// A leaf may be an anchor: one that is no CA by its whole signed part, one that is a CA, and could have signed
    /// any leaf, by name and key. Higher certificates need no such rule, for they would have vouched as anchors already.
    /// </summary>
    private readonly bool IsAnchorItself()
    {
        TrustAnchor anchor = Anchor;
        if (_state.Index != 0 || !CryptographicOperations.FixedTimeEquals(anchor.SubjectHash, _state.Subject))
        {
            return false;
        }

        return (anchor.Flags & TrustAnchor.IsEndEntity) != 0
            ? CryptographicOperations.FixedTimeEquals(anchor.TbsDigest, WaitingDigest)
            : Has(ChainFlags.IsCa) && anchor.Key.SameAs(PresentKey);
    }

    private readonly bool IsIssuer()
    {
        TrustAnchor anchor = Anchor;
        return (anchor.Flags & TrustAnchor.IsEndEntity) == 0
            && CryptographicOperations.FixedTimeEquals(anchor.SubjectHash, _state.Issuer)
            && SignatureAlgorithms.Fits(_state.WaitingAlgorithm, anchor.Key.Kind);
    }

    /// <summary>The operation region is as large as the profile's keys need.</summary>
    private bool KeyFits()
    {
        SubjectPublicKey key = Anchor.Key;
        if (key.Kind == KeyKind.Ed25519)
        {
            return true;
        }

        bool isRsa = key.Kind == KeyKind.Rsa;
        uint limit = (uint)(isRsa ? _policy.MaxRsaBits : _policy.MaxEcdsaBits);
        byte depth = (byte)(_state.Index + 1);
        if ((uint)key.Bits > limit)
        {
            return FailAt(depth, FaultReason.KeyAboveProfileLimit, limit, (uint)key.Bits);
        }

        return !isRsa || key.Bits >= _policy.MinRsaBits || FailAt(depth, FaultReason.KeyTooWeak, (uint)_policy.MinRsaBits, (uint)key.Bits);
    }

    /// <summary>
    /// A PSS verification uses the signature as scratch in the end, and the next anchor needs it again. The region of the
    /// issuer's key is free until the next certificate, and longer.
    /// </summary>
    private readonly void KeepSignature()
    {
        if (SignatureAlgorithms.IsRsa(_state.WaitingAlgorithm))
        {
            WaitingSignature.CopyTo(_memory.IssuerKey);
        }
    }

    private bool TryNextAnchor()
    {
        if (SignatureAlgorithms.IsRsa(_state.WaitingAlgorithm))
        {
            _memory.IssuerKey[.._state.SignatureBytes].CopyTo(_memory.Signature);
        }

        Set(ChainFlags.AnchorFailed, true);
        PassAnchor();
        return To(Step.SeekAnchor);
    }

    /// <summary>RFC 5280 §6.2 leaves an anchor's own limits to policy: they are kept.</summary>
    private bool JudgeAnchor()
    {
        TrustAnchor anchor = Anchor;
        if ((anchor.Flags & TrustAnchor.HasPathLength) != 0 && _state.Intermediates > anchor.PathLength)
        {
            return FailAt((byte)(_state.Index + 1), FaultReason.PathTooLong, anchor.PathLength, _state.Intermediates);
        }

        return anchor.NameConstraints.IsEmpty ? To(Step.AnchorTrusted) : JudgeAnchorConstraints(anchor.NameConstraints);
    }

    /// <summary>An anchor's constraints lie whole in the image: the grammar that reads a CA's reads them to their end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool JudgeAnchorConstraints(ReadOnlySpan<byte> constraints)
    {
        Set(ChainFlags.OfAnchor | ChainFlags.Critical, true);
        _state.Extension = NameConstraintsId;
        DerReader.Begin(ref _state.Der, (uint)constraints.Length);
        To(Step.NameConstraints);
        Parse(constraints);
        return _state.Step == Step.AnchorTrusted || _reason != FaultReason.None || Fail(FaultReason.RomImageInvalid);
    }

    private bool Trust()
    {
        Set(ChainFlags.Trusted, true);
        return To(Step.CertificateDone);
    }
}
