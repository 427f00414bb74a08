using System;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.X509;

/// <content>What happens between the elements of a certificate: hashes begin and end, rules are settled, keys vouch.</content>
public ref partial struct ChainVerifier
{
    /// <summary>Does one action; <c>false</c> where a signature is to be verified first.</summary>
    private bool Act() => _state.Step switch
    {
        Step.ChainBegins => BeginChain(),
        Step.TbsBegins => BeginTbs(),
        Step.HashBegins => BeginHash(),
        Step.NameBegins => BeginNameHash(),
        Step.NameEnds => EndName(),
        Step.KeyEnds => Features.PinnedKeys && EndKey(),
        Step.TbsEnds => Settle(),
        Step.TbsHashEnds => EndHash(),
        Step.CertificateEnds => EndCertificate(),
        Step.SeekAnchor => SeekAnchor(),
        Step.AnchorVerified => JudgeAnchor(),
        Step.AnchorTrusted => Trust(),
        Step.Interrupted => Fail(FaultReason.CertificateMalformed),
        _ => Features.StapledStatus && ActOnStatus(),
    };

    private readonly Span<byte> NameHashState => _memory.Operation[NameHashOffset..NameDigestOffset];

    private readonly HashAlgorithm TbsHash => SignatureAlgorithms.HashOf(_state.Algorithm);

    /// <summary>Nothing about a chain can be said without a time and an anchor or a pin (RULES 15).</summary>
    private bool BeginChain()
    {
        if (!_policy.Trust.HasTrust)
        {
            return FailAt(Fault.NoDepth, FaultReason.NoTrustAnchor);
        }

        if (_policy.NowUnixSeconds <= 0)
        {
            return FailAt(Fault.NoDepth, FaultReason.TimeUnknown);
        }

        if (_policy.NowUnixSeconds < _policy.Trust.BakedAtUnixSeconds)
        {
            return FailAt(Fault.NoDepth, FaultReason.ClockBeforeBakeDate,
                ValidityTime.Day(_policy.Trust.BakedAtUnixSeconds), ValidityTime.Day(_policy.NowUnixSeconds));
        }

        return (_state.Index < MaxCertificates || FailTrust(FaultReason.ChainTooLong, MaxCertificates, _state.Index + 1u)) && To(Step.Certificate);
    }

    private bool BeginTbs()
    {
        _state.Sink = Sink.Waiting;
        _state.WaitingBytes = 0;
        return To(Step.TbsCertificate);
    }

    /// <summary>The algorithm is known now: what waited goes into its hash.</summary>
    private bool BeginHash()
    {
        KeepSerialOfLeaf();
        ReadOnlySpan<byte> waited = _memory.Operation.Slice(NameHashOffset, _state.WaitingBytes);
        Hash.Initialize(TbsHash, _memory.Hash);
        Hash.Update(TbsHash, _memory.Hash, waited);
        _state.Sink = Sink.Tbs;
        return (_state.Algorithm != SignatureAlgorithm.Ed25519 || BeginMessage(waited)) && To(Step.NameBegins);
    }

    private bool BeginNameHash()
    {
        Hash.Initialize(HashAlgorithm.Sha256, NameHashState);
        if (NamesIssuerOfLeaf)
        {
            PublicKeyHash.Begin(sha1: true, ShortHashState);
        }

        _state.Sink = Sink.TbsAndName;
        return To(Step.Name);
    }

    private readonly void Absorb(Sink sink, ReadOnlySpan<byte> bytes)
    {
        if (sink == Sink.Waiting)
        {
            bytes.CopyTo(_memory.Operation[(NameHashOffset + _state.WaitingBytes)..]);
            _state.WaitingBytes += (byte)bytes.Length;
        }

        if (sink is Sink.Tbs or Sink.TbsAndName)
        {
            Hash.Update(TbsHash, _memory.Hash, bytes);
        }

        if (sink is Sink.Tbs or Sink.TbsAndName && KeepsMessage)
        {
            KeepMessage(bytes);
        }

        if (sink is Sink.TbsAndName or Sink.ResponseAndName)
        {
            Hash.Update(HashAlgorithm.Sha256, NameHashState, bytes);
        }

        if (Features.StapledStatus)
        {
            AbsorbForStatus(sink, bytes);
        }
    }

    private bool EndName()
    {
        _state.Sink = Sink.Tbs;
        if (!Has(ChainFlags.SubjectComes))
        {
            Hash.Finish(HashAlgorithm.Sha256, NameHashState, _state.Issuer);
            KeepIssuerNameOfLeaf();
            return To(Step.Validity);
        }

        Span<byte> subject = _memory.Operation.Slice(NameDigestOffset, NameHash.Bytes);
        Hash.Finish(HashAlgorithm.Sha256, NameHashState, subject);
        if (Features.StapledStatus && Has(ChainFlags.OfStatus))
        {
            return JudgeResponderName(subject);
        }

        if (_state.Index != 0 && !CryptographicOperations.FixedTimeEquals(subject, _state.Subject))
        {
            // The kept text still names the issuer that was wanted.
            return FailTrust(FaultReason.ChainOutOfOrder);
        }

        subject.CopyTo(_state.Subject);
        Set(ChainFlags.SelfIssued, CryptographicOperations.FixedTimeEquals(subject, _state.Issuer));
        KeepCandidate();
        return BeginKey();
    }

    /// <summary>All that a certificate says about itself is known: whether it may serve, or may vouch for the one before (RULES 10).</summary>
    private bool Settle()
    {
        _state.Sink = Sink.None;
        if (!Has(ChainFlags.SubjectEmpty))
        {
            // Not before its extensions: constraints concern the names below and not that of the CA that sets them.
            _state.NameForms |= 1 << (DirectoryName & 0x1F);
        }

        return SettleConsistency() && (_state.Index == 0 ? SettleLeaf() : Features.StapledStatus && Has(ChainFlags.OfStatus) ? SettleResponder() : SettleIssuer());
    }

    /// <summary>keyCertSign belongs to CAs and nameConstraints too (RFC 5280 §4.2.1.3, §4.2.1.10); no purpose may leave TLS servers out.</summary>
    private bool SettleConsistency()
    {
        bool signsCertificates = Seen(KeyUsageId) && (_state.KeyUsage & KeyCertSign) != 0;
        if (signsCertificates && !Has(ChainFlags.IsCa))
        {
            return Fail(FaultReason.NotACertificateAuthority);
        }

        if (Seen(NameConstraintsId) && !Has(ChainFlags.IsCa))
        {
            return Fail(FaultReason.ExtensionMalformed, 0, NameConstraintsId);
        }

        return !Seen(ExtendedKeyUsageId) || Has(ChainFlags.PurposeAllowed) || Fail(FaultReason.ExtendedKeyUsageForbids);
    }

    private bool SettleLeaf()
    {
        if (Has(ChainFlags.SubjectEmpty) && !Has(ChainFlags.SubjectAltNameCritical))
        {
            return Fail(FaultReason.SubjectInvalid);
        }

        // The server's key signs the key exchange: ECDHE needs digitalSignature (RFC 5246 §7.4.2).
        if (Seen(KeyUsageId) && (_state.KeyUsage & DigitalSignature) == 0)
        {
            return Fail(FaultReason.KeyUsageForbids, DigitalSignature, _state.KeyUsage);
        }

        if (!Has(ChainFlags.NameMatched))
        {
            return FailName();
        }

        return To(Step.TbsHashEnds);
    }

    private bool FailName()
    {
        if (Has(ChainFlags.TextTaken))
        {
            KeepCandidate();
        }
        else
        {
            _memory.Text[0] = 0;
        }

        return Fail(Has(ChainFlags.NameOfKindSeen) ? FaultReason.NameMismatch : FaultReason.NameMissing);
    }

    private bool SettleIssuer()
    {
        if (!Has(ChainFlags.IsCa))
        {
            return Fail(FaultReason.NotACertificateAuthority);
        }

        if (Seen(KeyUsageId) && (_state.KeyUsage & KeyCertSign) == 0)
        {
            return Fail(FaultReason.KeyUsageForbids, KeyCertSign, _state.KeyUsage);
        }

        if (Has(ChainFlags.HasPathLength) && _state.Intermediates > _state.PathLength)
        {
            return Fail(FaultReason.PathTooLong, _state.PathLength, _state.Intermediates);
        }

        // Self-issued certificates do not count (RFC 5280 §6.1.4 (l)).
        _state.Intermediates += (byte)(Has(ChainFlags.SelfIssued) ? 0 : 1);
        return HasLengthOfKey() && BeginOperation() && To(Step.VerifyIssued);
    }

    /// <summary>A new operation begins with eight bytes of zeros.</summary>
    private readonly bool BeginOperation()
    {
        _memory.Operation[..8].Clear();
        return true;
    }

    private readonly Span<byte> WaitingSignature => _memory.Signature[.._state.SignatureBytes];

    private readonly ReadOnlySpan<byte> WaitingDigest => _memory.Digest[..Hash.DigestBytes(SignatureAlgorithms.HashOf(_state.WaitingAlgorithm))];

    /// <summary>What the signature that waits is over: while its issuer is being read, that is the certificate below.</summary>
    private readonly ReadOnlySpan<byte> WaitingSigned => Features.Ed25519 && _state.WaitingAlgorithm == SignatureAlgorithm.Ed25519
        ? Message(_state.Step == Step.VerifyIssued ? Below : _state.Index)
        : WaitingDigest;

    /// <summary>The certificate before this one must have been signed with this one's key.</summary>
    private bool HasLengthOfKey()
    {
        SubjectPublicKey key = PresentKey;
        uint keyBytes = (uint)(key.Bits + 7) >> 3;
        bool isRsa = key.Kind == KeyKind.Rsa && SignatureAlgorithms.IsRsa(_state.WaitingAlgorithm);
        return !isRsa || _state.SignatureBytes == keyBytes || FailAt(Below, FaultReason.SignatureLength, keyBytes, _state.SignatureBytes);
    }

    private readonly byte Below => (byte)(_state.Index - 1);

    /// <summary>The regions of digest and signature are free now for this certificate's own.</summary>
    private bool EndHash()
    {
        Hash.Finish(TbsHash, _memory.Hash, _memory.Digest);
        Set(ChainFlags.OuterAlgorithm, true);
        return To(Step.AlgorithmIdentifier);
    }

    private bool EndCertificate()
    {
        _state.WaitingAlgorithm = _state.Algorithm;
        if (Features.StapledStatus && Has(ChainFlags.OfStatus))
        {
            return PassRest();
        }

        _state.AnchorsLeft = (ushort)_policy.Trust.AnchorCount;
        _state.AnchorOffset = _policy.Trust.FirstAnchorOffset;
        return To(Step.SeekAnchor);
    }
}
