using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <summary>
/// Verifies a server's certificate chain while its bytes arrive, leaf first (RFC 5280 §6, RFC 9525). The memory depends
/// on the limits of the policy and on nothing that the peer sends. A lens: it lives for one call, all state lives in
/// the memory.
/// <para>
/// A certificate's digest and signature wait until the next certificate's signed part has passed: then the key, the
/// basic constraints, the key usage and the path length that must vouch for them are known. Trust anchors are tried
/// first, and once one has verified the chain, what follows is skipped unread (RULES 9).
/// </para>
/// Call <see cref="Begin"/>; for each certificate <see cref="BeginCertificate"/>, then <see cref="Update"/> until it
/// answers <see cref="ChainStatus.CertificateComplete"/>; then <see cref="End"/>. Any split of the input gives the same result.
/// Leaks everything: certificates are public.
/// </summary>
public ref partial struct ChainVerifier
{
    /// <summary>How many certificates are looked at before the chain is refused.</summary>
    public const int MaxCertificates = 10;

    /// <summary>Room for a length byte and 63 bytes of a name.</summary>
    public const int TextBytes = 64;

    internal const byte NoCertificate = 0xFF;

    // The operation region between operations: a text that may yet be kept, the hash of a name, its digest. The bytes
    // that wait for their hash use the middle part before the first name.
    private const int NameHashOffset = TextBytes;
    private const int NameDigestOffset = NameHashOffset + 104;
    private const int NamesBytes = NameDigestOffset + NameHash.Bytes;

    private ref ChainState _state;
    private ChainMemory _memory;
    private ChainPolicy _policy;
    private DerReader _der;
    private FaultReason _reason;
    private byte _depth;
    private uint _expected;
    private uint _actual;

    /// <summary>A view of a verification in this memory. Sizes and alignment are the plan's matter.</summary>
    public ChainVerifier(scoped in ChainMemory memory, scoped in ChainPolicy policy) => Open(memory, policy, out this);

    /// <summary>The same, filled where it stays: a copy of it burdens a small stack.</summary>
    internal static void Open(scoped in ChainMemory memory, scoped in ChainPolicy policy, out ChainVerifier verifier)
    {
        verifier = default;
        verifier._memory = memory;
        verifier._policy = policy;
        verifier._state = ref MemoryMarshal.AsRef<ChainState>(memory.State);
        verifier._der = new DerReader(ref verifier._state.Der, default);
    }

    /// <summary>The bytes of <see cref="ChainMemory.State"/>: the same on every machine.</summary>
    public static int StateBytes => (Unsafe.SizeOf<ChainState>() + 7) & ~7;

    /// <summary>The certificate that is being read or was read last, 0 for the leaf.</summary>
    public readonly int Depth => _state.Index;

    /// <summary>Whether the leaf was read last: not where a certificate is passed over behind a leaf that an anchor issued.</summary>
    public readonly bool IsAtLeaf => _state.Index == 0 && _state.Step == Step.CertificateDone;

    /// <summary>The first minute since 1970 in which a certificate that was read ends, at most the last one that fits.</summary>
    public readonly uint TrustedUntilMinutes => _state.TrustedUntilMinutes;

    /// <summary>Whether the chain has reached a trust anchor.</summary>
    public readonly bool IsTrusted => Has(ChainFlags.Trusted);

    /// <summary>The bytes of <see cref="ChainMemory.Operation"/> on this machine.</summary>
    public static int OperationBytes(int maxRsaBits, int maxEcdsaBits, bool ed25519 = false) => OperationBytes(maxRsaBits, maxEcdsaBits, ed25519, nuint.Size);

    /// <summary>The bytes of <see cref="ChainMemory.Operation"/> on a machine whose words have 4 or 8 bytes.</summary>
    public static int OperationBytes(int maxRsaBits, int maxEcdsaBits, bool ed25519, int wordBytes)
    {
        int rsa = maxRsaBits == 0 ? 0 : RsaVerify.OperationBytes(maxRsaBits);
        int ecdsa = maxEcdsaBits == 0 ? 0 : Ecdsa.VerifyOperationBytes(Ecdsa.CurveOf(maxEcdsaBits), wordBytes);
        int edwards = ed25519 ? Ed25519.VerifyOperationBytes(wordBytes) : 0;
        return Math.Max(Math.Max(NamesBytes, edwards), Math.Max(rsa, ecdsa));
    }

    /// <summary>The bytes of <see cref="ChainMemory.Signature"/>: as long as the modulus, or the longest DER form, or R and S.</summary>
    public static int SignatureBytes(int maxRsaBits, int maxEcdsaBits, bool ed25519 = false)
    {
        int ecdsa = maxEcdsaBits == 0 ? 0 : Ecdsa.MaxSignatureBytes(Ecdsa.CurveOf(maxEcdsaBits));
        int edwards = ed25519 ? Ed25519.SignatureBytes : 0;
        return (Math.Max(Math.Max((maxRsaBits + 7) >> 3, ecdsa), edwards) + 7) & ~7;
    }

    /// <summary>The bytes of <see cref="ChainMemory.Hash"/>.</summary>
    public static int HashBytes(int maxSignatureHashBits) => Hash.StateBytes(maxSignatureHashBits > 256 ? HashAlgorithm.Sha512 : HashAlgorithm.Sha256);

    /// <summary>The bytes of <see cref="ChainMemory.Digest"/>.</summary>
    public static int DigestBytes(int maxSignatureHashBits) => maxSignatureHashBits >> 3;

    /// <summary>Prepares for a chain. What the memory held before does not matter.</summary>
    public void Begin()
    {
        _state.Flags = IpAddress.Parse(ServerName, AddressScratch) != 0 ? ChainFlags.ReferenceIsAddress : ChainFlags.None;
        _state.NameForms = 0;
        _state.Index = NoCertificate;
        _state.Intermediates = 0;
        _state.TrustedUntilMinutes = uint.MaxValue;
        _state.Step = Step.Idle;
        _memory.Text[0] = 0;
        ForgetStatus();
    }

    /// <summary>
    /// Prepares for the next certificate, whose length the Certificate message tells (RFC 5246 §7.4.2). Where the one before
    /// has not ended, the next <see cref="Update"/> refuses the chain.
    /// </summary>
    public void BeginCertificate(int bytes)
    {
        DerReader.Begin(ref _state.Der, (uint)bytes);
        if (_state.Step == Step.Faulted)
        {
            return;
        }

        if (Has(ChainFlags.Trusted))
        {
            _state.Step = Step.SkipCertificate;
            return;
        }

        if (_state.Step is not (Step.Idle or Step.CertificateDone))
        {
            _state.Step = Step.Interrupted;
            return;
        }

        _state.Index++;
        _state.Flags &= ChainFlags.Chain;
        _state.Sink = Sink.None;
        _state.Extension = 0;
        _state.ExtensionsSeen = 0;
        _state.Step = Step.ChainBegins;
    }

    /// <summary>
    /// Takes bytes of the certificate. Answers <see cref="ChainStatus.MoreWork"/> where <see cref="Pending"/> is to be
    /// verified before it can go on. Bounded: the work grows with the bytes that are consumed. A fault is written once,
    /// with its depth and values; phase and alert are the caller's.
    /// </summary>
    public ChainStatus Update(ReadOnlySpan<byte> input, out int consumed, ref Fault fault)
    {
        consumed = 0;
        while (_state.Step < Step.CertificateDone)
        {
            bool goesOn = _state.Step < Step.FirstAction ? TakeSegment(input, ref consumed) : Act();
            if (_reason != FaultReason.None)
            {
                return Refuse(ref fault);
            }

            if (!goesOn)
            {
                return _state.Step < Step.FirstAction ? ChainStatus.NeedMoreData : ChainStatus.MoreWork;
            }
        }

        return _state.Step switch
        {
            Step.CertificateDone => ChainStatus.CertificateComplete,
            Step.SkipCertificate => Skip(input, ref consumed),
            _ => ChainStatus.Faulted,
        };
    }

    /// <summary>Whether a signature waits to be verified.</summary>
    public readonly bool IsVerifying => _state.Step is Step.VerifyIssued or Step.VerifyAnchor or Step.VerifyStatus;

    /// <summary>
    /// The signature that waits, meaningful while <see cref="IsVerifying"/>. Its operation runs in
    /// <see cref="ChainMemory.Operation"/>, which is prepared, and its outcome goes to <see cref="Verified"/>.
    /// </summary>
    public readonly SignatureCheck Pending =>
        new(PendingKey, _state.WaitingAlgorithm, WaitingSignature, WaitingSigned);

    private readonly SubjectPublicKey PendingKey =>
        _state.Step == Step.VerifyIssued ? PresentKey : Features.StapledStatus && _state.Step == Step.VerifyStatus ? IssuerOfLeaf : Anchor.Key;

    /// <summary>
    /// Takes the outcome of <see cref="Pending"/>. Unless the chain is refused, the answer is
    /// <see cref="ChainStatus.MoreWork"/>: go on with <see cref="Update"/>.
    /// </summary>
    public ChainStatus Verified(StepStatus outcome, ref Fault fault)
    {
        bool isGood = outcome == StepStatus.Done;
        if (Features.StapledStatus && _state.Step == Step.VerifyStatus)
        {
            return EndIssuerCheck(isGood, ref fault);
        }

        if (isGood)
        {
            KeepIssuerOfLeaf();
        }

        if (_state.Step == Step.VerifyAnchor)
        {
            _ = isGood ? To(Step.AnchorVerified) : TryNextAnchor();
            return ChainStatus.MoreWork;
        }

        return (isGood ? To(Step.TbsHashEnds) : FailAt(Below, FaultReason.CertificateSignatureInvalid)) ? ChainStatus.MoreWork : Refuse(ref fault);
    }

    /// <summary>Says what the chain came to, after its last certificate is complete.</summary>
    public ChainStatus End(ref Fault fault)
    {
        if (_state.Step == Step.Faulted)
        {
            return ChainStatus.Faulted;
        }

        if (Has(ChainFlags.Trusted))
        {
            return ChainStatus.Complete;
        }

        if (_state.Index == NoCertificate)
        {
            Fail(FaultReason.CertificateMissing);
        }
        else
        {
            FailTrust(Has(ChainFlags.AnchorFailed) ? FaultReason.CertificateSignatureInvalid : FaultReason.IssuerUnknown);
        }

        return Refuse(ref fault);
    }

    /// <summary>Reads up to the next action or the end of the input, then hands what passed to its hash: never beneath the parser's frames.</summary>
    private bool TakeSegment(ReadOnlySpan<byte> input, ref int consumed)
    {
        ReadOnlySpan<byte> rest = input[consumed..];
        Sink sink = _state.Sink;
        Parse(rest);
        consumed += _der.Taken;
        if (_reason == FaultReason.None)
        {
            Absorb(sink, rest[.._der.Taken]);
        }

        return _state.Step >= Step.FirstAction;
    }

    private void Parse(ReadOnlySpan<byte> input)
    {
        _der = new DerReader(ref _state.Der, input);
        while (_state.Step < Step.FirstAction && TakeStep())
        {
        }

        if (_der.Failed && _reason == FaultReason.None)
        {
            FailGrammar();
        }
    }

    private bool TakeStep() => _state.Step switch
    {
        < Step.AlgorithmIdentifier => TakeCertificate(),
        < Step.Name => TakeAlgorithmIdentifier(),
        < Step.SubjectPublicKeyInfo => TakeName(),
        < Step.Extensions => TakeSubjectPublicKeyInfo(),
        < Step.SubjectAltName => TakeExtensions(),
        < Step.NameConstraints => TakeSubjectAltName(),
        < Step.OcspResponse => TakeNameConstraints(),
        < Step.SingleResponse => Features.StapledStatus && TakeResponse(),
        _ => Features.StapledStatus && TakeSingleResponse(),
    };

    private ChainStatus Skip(ReadOnlySpan<byte> input, ref int consumed)
    {
        _der = new DerReader(ref _state.Der, input[consumed..]);
        _der.Chunk();
        consumed += _der.Taken;
        return _der.AtEnd ? ChainStatus.CertificateComplete : ChainStatus.NeedMoreData;
    }

    private readonly bool Has(ChainFlags flag) => (_state.Flags & flag) != 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Set(ChainFlags flag, bool value) => _state.Flags = value ? _state.Flags | flag : _state.Flags & ~flag;

    private bool To(Step step)
    {
        _state.Step = step;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Fail(FaultReason reason, uint expected = 0, uint actual = 0) => FailAt(_state.Index, reason, expected, actual);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailAt(byte depth, FaultReason reason, uint expected = 0, uint actual = 0)
    {
        _reason = reason;
        _depth = depth;
        _expected = expected;
        _actual = actual;
        return false;
    }

    /// <summary>Inside an extension its number says more than a tag does.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FailGrammar()
    {
        if (_state.Extension != 0)
        {
            FailAt(Has(ChainFlags.OfAnchor) ? ConstraintDepth : _state.Index, FaultReason.ExtensionMalformed, 0, _state.Extension);
        }
        else
        {
            Fail(FaultReason.CertificateMalformed, _der.Wanted, _der.Tag);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ChainStatus Refuse(ref Fault fault)
    {
        _state.Step = Step.Faulted;
        fault.Reason = _reason;
        fault.Depth = _depth;
        fault.Expected = _expected;
        fault.Actual = _actual;
        if (Features.StapledStatus && Has(ChainFlags.OfStatus))
        {
            ExplainStatus(ref fault);
        }

        return ChainStatus.Faulted;
    }
}
