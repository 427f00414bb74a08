using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>
/// Pinned keys: the SHA-256 of SubjectPublicKeyInfo (RFC 7469 §2.4), taken as it passes. Its running hash lies where that of a name has
/// just ended, so that pins cost no memory.
/// <para>
/// With trust anchors a pin narrows: some key on the verified way from the leaf to an anchor must be pinned, the anchor's own included
/// (RFC 7469 §2.6, RFC 7858 appendix A). Without anchors a pin is what is trusted: a certificate whose key is pinned is the trust
/// anchor of RFC 5280 §6.1.1 (d) for what is below it, or the server's own. Its own signature does not count then, all else does: validity,
/// name, usages, constraints, and the limits of its key.
/// </para>
/// </content>
public ref partial struct ChainVerifier
{
    private readonly bool HasPins => Features.PinnedKeys && _policy.Trust.PinCount != 0 && !Has(ChainFlags.OfStatus);

    /// <summary>The certificate that has just been read is trusted by its key alone.</summary>
    private readonly bool IsTrustedByPin => HasPins && _policy.Trust.AnchorCount == 0 && Has(ChainFlags.KeyIsPinned);

    /// <summary>The subject has passed, and the key comes.</summary>
    private bool BeginKey()
    {
        if (HasPins)
        {
            Hash.Initialize(HashAlgorithm.Sha256, NameHashState);
            _state.Sink = Sink.TbsAndName;
        }

        return To(Step.SubjectPublicKeyInfo);
    }

    private bool KeyPassed() => To(HasPins ? Step.KeyEnds : Step.IssuerUniqueId);

    private bool EndKey()
    {
        Span<byte> digest = _memory.Operation.Slice(NameDigestOffset, NameHash.Bytes);
        Hash.Finish(HashAlgorithm.Sha256, NameHashState, digest);
        _state.Sink = Sink.Tbs;
        if (_policy.Trust.HasPin(digest))
        {
            Set(ChainFlags.KeyIsPinned | ChainFlags.PinSeen, true);
        }

        return To(Step.IssuerUniqueId);
    }

    /// <summary>
    /// Whether no key was pinned on the way to this anchor, its own included. Then it is passed over, and not the end: a later
    /// certificate may lead to another anchor over a pinned key, as cross-signed authorities do.
    /// </summary>
    private bool LacksPin()
    {
        if (!HasPins || Has(ChainFlags.PinSeen) || (Anchor.Flags & TrustAnchor.IsPinned) != 0)
        {
            return false;
        }

        Set(ChainFlags.AnchorUnpinned, true);
        return true;
    }

    /// <summary>The chain leads nowhere. Where it is pins that are missing, that is said first.</summary>
    private bool FailTrust(FaultReason otherwise, uint expected = 0, uint actual = 0)
    {
        bool alone = HasPins && _policy.Trust.AnchorCount == 0 && otherwise == FaultReason.IssuerUnknown;
        return alone || (Features.PinnedKeys && Has(ChainFlags.AnchorUnpinned))
            ? Fail(FaultReason.PinMissing, (uint)_policy.Trust.PinCount, _state.Index + 1u)
            : Fail(otherwise, expected, actual);
    }
}
