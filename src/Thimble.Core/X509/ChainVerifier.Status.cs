using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.X509;

/// <content>
/// A stapled status (RFC 6066 §8, RFC 6960): what must be kept of the leaf and of its issuer's key, and how a response is
/// judged. A response is read as the lowest link of a chain of its own, response, responder, issuer, by a second
/// state beside the chain's: its digest and its signature wait for the key above in the same way.
/// </content>
public ref partial struct ChainVerifier
{
    /// <summary>The longest response that is read, in bytes: some responders answer for many certificates at once.</summary>
    public const int MaxResponseBytes = 0xFFFF;

    /// <summary>How long a response without nextUpdate counts, in seconds: seven days, the longest that the CA/Browser Forum's rules left responders then.</summary>
    public const long MaxAgeSeconds = 7 * 86_400;

    /// <summary>
    /// How long a response still counts after its nextUpdate, in seconds: five minutes, for clocks that differ. RFC 5019 §4 allows a small
    /// tolerance there, and leaves its size to how exact clocks are; of thisUpdate neither it nor RFC 6960 says so, and there is none.
    /// </summary>
    public const long ToleranceSeconds = 5 * 60;

    /// <summary>status_request as a number in the TLS feature extension (RFC 7633 §4, RFC 6066 §8).</summary>
    private const byte StatusRequest = 5;

    /// <summary>The bytes of <see cref="ChainMemory.Status"/>.</summary>
    public static int StatusBytes(int maxRsaBits, int maxEcdsaBits, int maxSignatureHashBits, bool ed25519 = false) =>
        ResponseHashesOffset(maxRsaBits, maxEcdsaBits, maxSignatureHashBits, ed25519) + ResponseHashesBytes(maxSignatureHashBits);

    /// <summary>The verification of the status that belongs to the chain in <paramref name="memory"/>. It runs where the chain's own waits or is complete.</summary>
    public static ChainVerifier OfStatus(scoped in ChainMemory memory, scoped in ChainPolicy policy)
    {
        Span<byte> status = memory.Status;
        int key = SubjectPublicKey.RegionBytes(policy.MaxRsaBits, policy.MaxEcdsaBits, policy.Ed25519);
        int signature = SignatureBytes(policy.MaxRsaBits, policy.MaxEcdsaBits);
        return new ChainVerifier(
            new ChainMemory
            {
                State = status.Slice(StatusState.Bytes, StateBytes),
                IssuerKey = memory.IssuerKey,
                Signature = status.Slice(IssuerKeyOffset + key, signature),
                Digest = status.Slice(IssuerKeyOffset + key + signature, DigestBytes(policy.MaxSignatureHashBits)),
                Hash = memory.Hash,
                Operation = memory.Operation,
                Status = status,
            },
            policy);
    }

    /// <summary>Whether a response was begun for this chain.</summary>
    public readonly bool HasStatus => KeepsStatus && Knows(StatusFlags.Begun);

    /// <summary>Whether the status is good, and verified. False for one that is absent.</summary>
    public readonly bool IsStatusGood => KeepsStatus && Knows(StatusFlags.Good);

    /// <summary>Prepares for a response of so many bytes; see <see cref="Update"/>, which answers <see cref="ChainStatus.CertificateComplete"/> at its end.</summary>
    public void BeginStatus(int bytes)
    {
        DerReader.Begin(ref _state.Der, (uint)bytes);
        _state.Flags = ChainFlags.OfStatus;
        _state.Index = 0;
        _state.NameForms = 0;
        _state.Extension = 0;
        _state.Sink = Sink.None;
        Note(StatusFlags.Begun);
        Status.Verdict = FaultReason.StatusOfOtherCertificate;
        Status.Expected = 0;
        Status.Actual = 0;
        _state.Step = Step.OcspResponse;
    }

    /// <summary>
    /// Judges the status when the response and the chain are complete, or when none came. <see cref="ChainStatus.MoreWork"/>:
    /// verify <see cref="Pending"/> and give the outcome to <see cref="Verified"/>, then ask again; nothing that the response
    /// claims counts before. <see cref="ChainStatus.Complete"/>: there is nothing against the leaf.
    /// </summary>
    public ChainStatus EndStatus(ref Fault fault)
    {
        if (Knows(StatusFlags.Good))
        {
            return ChainStatus.Complete;
        }

        if (!Knows(StatusFlags.Begun) || Knows(StatusFlags.Absent))
        {
            _state.Flags = ChainFlags.OfStatus;
            _state.Index = 0;
            return !Knows(StatusFlags.MustStaple) || Fail(FaultReason.StatusMissing, StatusRequest, Status.ResponseStatus) ? ChainStatus.Complete : Refuse(ref fault);
        }

        return BeginIssuerCheck() ? ChainStatus.MoreWork : Refuse(ref fault);
    }

    private static int IssuerKeyOffset => StatusState.Bytes + StateBytes;

    private static int ResponseHashesOffset(int maxRsaBits, int maxEcdsaBits, int maxSignatureHashBits, bool ed25519) => IssuerKeyOffset
        + SubjectPublicKey.RegionBytes(maxRsaBits, maxEcdsaBits, ed25519) + SignatureBytes(maxRsaBits, maxEcdsaBits) + DigestBytes(maxSignatureHashBits);

    private readonly bool KeepsStatus => Features.StapledStatus && !_memory.Status.IsEmpty;

    private readonly ref StatusState Status => ref MemoryMarshal.AsRef<StatusState>(_memory.Status);

    private readonly bool Knows(StatusFlags flag) => (Status.Flags & flag) != 0;

    private readonly void Note(StatusFlags flag) => Status.Flags |= flag;

    private readonly void Drop(StatusFlags flag) => Status.Flags &= ~flag;

    /// <summary>Whether the element that is read belongs to a response itself, and to no certificate.</summary>
    private readonly bool IsResponse => Features.StapledStatus && Has(ChainFlags.OfStatus) && _state.Index == 0;

    /// <summary>Whether the name that passes is the issuer's of the leaf whose status is asked for.</summary>
    private readonly bool NamesIssuerOfLeaf => KeepsStatus && _state.Index == 0 && !Has(ChainFlags.OfStatus | ChainFlags.SubjectComes);

    /// <summary>The state of a hash for which there is no other room: the response has not begun when the leaf passes.</summary>
    private readonly Span<byte> ShortHashState => _memory.Status.Slice(StatusState.Bytes, Sha1.StateBytes);

    private readonly Span<byte> IssuerOfLeafRegion =>
        _memory.Status.Slice(IssuerKeyOffset, SubjectPublicKey.RegionBytes(_policy.MaxRsaBits, _policy.MaxEcdsaBits, _policy.Ed25519));

    private readonly SubjectPublicKey IssuerOfLeaf => new(IssuerOfLeafRegion);

    private readonly Span<byte> ResponseHashes =>
        _memory.Status[ResponseHashesOffset(_policy.MaxRsaBits, _policy.MaxEcdsaBits, _policy.MaxSignatureHashBits, _policy.Ed25519)..];

    private readonly void ForgetStatus()
    {
        if (KeepsStatus)
        {
            Status.Flags = StatusFlags.None;
            Status.ResponseStatus = 0;
        }
    }

    /// <summary>
    /// The bytes that wait for their hash begin with the tbsCertificate: its header, five bytes of version, then the serial
    /// number, all of which were read as strict DER.
    /// </summary>
    private readonly void KeepSerialOfLeaf()
    {
        if (!KeepsStatus || _state.Index != 0)
        {
            return;
        }

        ReadOnlySpan<byte> waiting = _memory.Operation.Slice(NameHashOffset, _state.WaitingBytes);
        int at = (waiting[1] < 0x80 ? 2 : 2 + (waiting[1] & 0x7F)) + 5;
        Status.SerialBytes = waiting[at + 1];
        waiting.Slice(at + 2, waiting[at + 1]).CopyTo(Status.Serial);
    }

    private readonly void KeepIssuerNameOfLeaf()
    {
        if (NamesIssuerOfLeaf)
        {
            Status.IssuerName = _state.Issuer;
            PublicKeyHash.End(sha1: true, ShortHashState, Status.IssuerNameSha1);
        }
    }

    /// <summary>A key has verified the certificate below it. Where that is the leaf, a status will need it: in TLS 1.2 it comes after the whole chain.</summary>
    private readonly void KeepIssuerOfLeaf()
    {
        bool isAnchor = _state.Step == Step.VerifyAnchor;
        if (!KeepsStatus || Has(ChainFlags.OfStatus) || _state.Index != (isAnchor ? 0 : 1))
        {
            return;
        }

        PendingKey.CopyTo(IssuerOfLeafRegion);
        Note(StatusFlags.IssuerKnown);
    }

    /// <summary>Whether the issuer vouches, with the key that was kept, for the response or for its responder's certificate.</summary>
    private bool BeginIssuerCheck()
    {
        if (!Knows(StatusFlags.IssuerKnown))
        {
            return Fail(FaultReason.StatusIssuerUnknown);
        }

        JudgeIssuerKeyHash();
        if (Knows(StatusFlags.ByKey) && !Knows(StatusFlags.Delegated) && !IsResponderKey(IssuerOfLeaf))
        {
            return Fail(FaultReason.StatusResponderInvalid);
        }

        return BeginOperation() && To(Step.VerifyStatus);
    }

    /// <summary>The last part of CertID, which could not be compared before the key was known.</summary>
    private readonly void JudgeIssuerKeyHash()
    {
        bool sha1 = Knows(StatusFlags.MatchedSha1);
        Span<byte> digest = _memory.Operation[..NameHash.Bytes];
        PublicKeyHash.Compute(IssuerOfLeaf, sha1, ResponseHashes, digest);
        int bytes = sha1 ? ShortHash.Bytes : NameHash.Bytes;
        if (Knows(StatusFlags.Matched) && !CryptographicOperations.FixedTimeEquals(digest[..bytes], ((ReadOnlySpan<byte>)Status.IssuerKeyHash)[..bytes]))
        {
            Rule(FaultReason.StatusOfOtherCertificate, 0, 1);
        }
    }

    private readonly bool IsResponderKey(SubjectPublicKey key)
    {
        Span<byte> digest = _memory.Operation[..ShortHash.Bytes];
        PublicKeyHash.Compute(key, sha1: true, ResponseHashes, digest);
        return CryptographicOperations.FixedTimeEquals(digest, ((ReadOnlySpan<byte>)Status.Responder)[..ShortHash.Bytes]);
    }

    /// <summary>The issuer's signature was checked: only now counts what the response says.</summary>
    private ChainStatus EndIssuerCheck(bool isSignatureGood, ref Fault fault)
    {
        ref StatusState status = ref Status;
        bool isGood = !isSignatureGood
            ? Knows(StatusFlags.Delegated) ? Fail(FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.CertificateSignatureInvalid) : Fail(FaultReason.StatusSignatureInvalid)
            : status.Verdict == FaultReason.None || Fail(status.Verdict, status.Expected, status.Actual);
        if (!isGood)
        {
            return Refuse(ref fault);
        }

        Note(StatusFlags.Good);
        return To(Step.CertificateDone) ? ChainStatus.MoreWork : ChainStatus.Faulted;
    }

    private readonly void Rule(FaultReason verdict, uint expected, uint actual)
    {
        Status.Verdict = verdict;
        Status.Expected = expected;
        Status.Actual = actual;
    }

    /// <summary>RFC 6960 §4.2.2.2: the issuer names the responder in a certificate that it signed, for this purpose and no other way.</summary>
    private bool SettleResponder()
    {
        bool isByIssuer = CryptographicOperations.FixedTimeEquals(_state.Issuer, Status.IssuerName);
        bool isNamed = !Knows(StatusFlags.ByKey) || IsResponderKey(PresentKey);
        if (!isByIssuer || !isNamed)
        {
            return Fail(FaultReason.StatusResponderInvalid);
        }

        if (!Has(ChainFlags.PurposeAllowed))
        {
            return Fail(FaultReason.ExtendedKeyUsageForbids);
        }

        if (Seen(KeyUsageId) && (_state.KeyUsage & DigitalSignature) == 0)
        {
            return Fail(FaultReason.KeyUsageForbids, DigitalSignature, _state.KeyUsage);
        }

        Note(StatusFlags.Delegated);
        return BeginOperation() && To(Step.VerifyIssued);
    }

    /// <summary>Other purposes do not matter, and "any" does not count (RFC 6960 §4.2.2.2).</summary>
    private bool AddResponderPurpose()
    {
        if (ObjectIdentifiers.FindOfStatus(_der.Value) == ObjectIdentifier.OcspSigning)
        {
            Set(ChainFlags.PurposeAllowed, true);
        }

        return true;
    }

    /// <summary>The certificate that comes first must be the responder's. Where it is the issuer's own, the issuer signed the response itself.</summary>
    private bool JudgeResponderName(ReadOnlySpan<byte> subject)
    {
        bool isNamed = Knows(StatusFlags.ByKey) || CryptographicOperations.FixedTimeEquals(subject, Status.Responder);
        if (!isNamed)
        {
            return Fail(FaultReason.StatusResponderInvalid);
        }

        return CryptographicOperations.FixedTimeEquals(subject, Status.IssuerName) ? PassRest() : To(Step.SubjectPublicKeyInfo);
    }

    /// <summary>Nothing more is looked at.</summary>
    private bool PassRest()
    {
        _state.Sink = Sink.None;
        DerReader.Begin(ref _state.Der, _der.Rest);
        return To(Step.SkipCertificate);
    }

    /// <summary>Says of what was refused that it was a status and not a certificate of the chain.</summary>
    private readonly void ExplainStatus(ref Fault fault)
    {
        FaultReason reason = fault.Reason;
        fault.Depth = 0;
        if (reason >= FaultReason.StatusMalformed)
        {
            return;
        }

        bool isSignature = reason is FaultReason.SignatureLength or FaultReason.CertificateSignatureInvalid;
        if (isSignature || _state.Index == 0)
        {
            fault.Reason = isSignature ? FaultReason.StatusSignatureInvalid
                : reason == FaultReason.UnknownCriticalExtension ? FaultReason.StatusExtensionCritical
                : reason is FaultReason.CertificateMalformed or FaultReason.ExtensionMalformed or FaultReason.DuplicateExtension ? FaultReason.StatusMalformed
                : FaultReason.StatusAlgorithmUnsupported;
            return;
        }

        fault.Reason = FaultReason.StatusResponderInvalid;
        fault.Expected = 0;
        fault.Actual = (uint)reason;
    }

    private static int ResponseHashesBytes(int maxSignatureHashBits)
    {
        int bytes = 0;
        for (HashAlgorithm hash = HashAlgorithm.Sha256; hash <= HashAlgorithm.Sha512; hash++)
        {
            bytes += Hash.DigestBytes(hash) * 8 <= maxSignatureHashBits ? Hash.StateBytes(hash) : 0;
        }

        return bytes;
    }

    /// <summary>The running hash of the response under one of the algorithms that may turn out to be its signature's (RULES 14).</summary>
    private readonly Span<byte> ResponseHash(HashAlgorithm hash) =>
        ResponseHashes.Slice(ResponseHashesBytes((Hash.DigestBytes(hash) * 8) - 1), Hash.StateBytes(hash));

    private readonly bool MayBeSignedOver(HashAlgorithm hash) =>
        Hash.DigestBytes(hash) * 8 <= _policy.MaxSignatureHashBits && Hash.IsInThisBuild(hash);

    private readonly void AbsorbForStatus(Sink sink, ReadOnlySpan<byte> bytes)
    {
        if (sink >= Sink.Response)
        {
            for (HashAlgorithm hash = HashAlgorithm.Sha256; hash <= HashAlgorithm.Sha512; hash++)
            {
                if (MayBeSignedOver(hash))
                {
                    Hash.Update(hash, ResponseHash(hash), bytes);
                }
            }
        }
        else if (sink == Sink.TbsAndName && NamesIssuerOfLeaf)
        {
            PublicKeyHash.Absorb(sha1: true, ShortHashState, bytes);
        }
    }
}
