using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>Certificate and TBSCertificate (RFC 5280 §4.1).</content>
public ref partial struct ChainVerifier
{
    /// <summary>
    /// RFC 5280 §4.1.2.2, where DER's leading zero of a positive number counts too. With it, all that stands before the
    /// signature algorithm fits the room where it waits.
    /// </summary>
    private const int MaxSerialNumberBytes = 20;

    /// <summary>The longest signatures of these curves, whether the build has them or not: they tell which limit to raise.</summary>
    private const int MaxP384SignatureBytes = 104, MaxP521SignatureBytes = 141;

    private bool TakeCertificate() => _state.Step switch
    {
        Step.Certificate => _der.Enter(DerTag.Sequence) && To(Step.TbsBegins),
        Step.TbsCertificate => _der.Enter(DerTag.Sequence) && To(Step.Version),
        Step.Version => TakeVersion(),
        Step.VersionNumber => _der.Atom(DerTag.Integer) && IsVersion3() && _der.Leave() && To(Step.SerialNumberHeader),
        Step.SerialNumberHeader => _der.Next(out byte tag) && (tag == DerTag.Integer || _der.Fail(DerTag.Integer))
            && (_der.Length <= MaxSerialNumberBytes || Fail(FaultReason.SerialNumberInvalid, MaxSerialNumberBytes, _der.Length)) && To(Step.SerialNumber),
        Step.SerialNumber => _der.Atom(DerTag.Integer) && IsSerialNumber() && To(Step.AlgorithmIdentifier),
        Step.Validity => _der.Enter(DerTag.Sequence) && To(Step.NotBefore),
        Step.NotBefore => _der.Next(out _) && To(Step.NotBeforeTime),
        Step.NotBeforeTime => _der.Atom(TimeTag) && IsNotBefore() && To(Step.NotAfter),
        Step.NotAfter => _der.Next(out _) && To(Step.NotAfterTime),
        Step.NotAfterTime => _der.Atom(TimeTag) && IsNotAfter() && _der.Leave() && SubjectComes(),
        Step.IssuerUniqueId => _der.Next(out byte tag) && To(tag == DerTag.Implicit1 ? Step.SkipIssuerUniqueId : Step.SubjectUniqueId),
        Step.SkipIssuerUniqueId => _der.Skip() && To(Step.SubjectUniqueId),
        Step.SubjectUniqueId => _der.Next(out byte tag) && To(tag == DerTag.Implicit2 ? Step.SkipSubjectUniqueId : Step.ExtensionsOrEnd),
        Step.SkipSubjectUniqueId => _der.Skip() && To(Step.ExtensionsOrEnd),
        Step.ExtensionsOrEnd => TakeExtensionsOrEnd(),
        Step.SignatureValue => _der.Next(out byte tag) && (tag == DerTag.BitString || _der.Fail(DerTag.BitString)) && SignatureFits()
            && _der.Open(DerTag.BitString) && To(Step.SignatureUnusedBits),
        Step.SignatureUnusedBits => _der.Byte(out byte unused) && (unused == 0 || _der.Fail(DerTag.BitString)) && To(Step.SignatureBytes),
        _ => TakeSignature(),
    };

    private readonly byte TimeTag => _der.Tag == DerTag.GeneralizedTime ? DerTag.GeneralizedTime : DerTag.UtcTime;

    /// <summary>Version 1 is the DEFAULT, so its field is absent.</summary>
    private bool TakeVersion()
    {
        if (!_der.Next(out byte tag))
        {
            return false;
        }

        if (tag == DerTag.Integer)
        {
            return Fail(FaultReason.CertificateVersion, 3, 1);
        }

        return (_der.Length == 3 || _der.Fail(DerTag.Integer)) && _der.Enter(DerTag.Context0) && To(Step.VersionNumber);
    }

    private bool IsVersion3() => _der.Value[0] == 2 || Fail(FaultReason.CertificateVersion, 3, _der.Value[0] + 1u);

    private bool IsSerialNumber()
    {
        byte first = _der.Value[0];
        return (first < 0x80 && (first != 0 || _der.Length > 1)) || Fail(FaultReason.SerialNumberInvalid, MaxSerialNumberBytes, _der.Length);
    }

    private bool IsNotBefore()
    {
        if (!ValidityTime.TryParse(_der.Tag, _der.Value[..TimeBytes], out long notBefore))
        {
            return Fail(FaultReason.ValidityMalformed);
        }

        return _policy.NowUnixSeconds >= notBefore
            || Fail(FaultReason.CertificateNotYetValid, ValidityTime.Day(notBefore), ValidityTime.Day(_policy.NowUnixSeconds));
    }

    private bool IsNotAfter()
    {
        if (!ValidityTime.TryParse(_der.Tag, _der.Value[..TimeBytes], out long notAfter))
        {
            return Fail(FaultReason.ValidityMalformed);
        }

        _state.TrustedUntilMinutes = uint.Min(_state.TrustedUntilMinutes, ValidityTime.Minute(notAfter));
        return _policy.NowUnixSeconds <= notAfter
            || Fail(FaultReason.CertificateExpired, ValidityTime.Day(notAfter), ValidityTime.Day(_policy.NowUnixSeconds));
    }

    /// <summary>What is longer than the reader keeps is no time.</summary>
    private readonly int TimeBytes => _der.Length >= DerAtom.Bytes ? 0 : (int)_der.Length;

    private bool SubjectComes()
    {
        Set(ChainFlags.SubjectComes, true);
        return To(Step.NameBegins);
    }

    private bool TakeExtensionsOrEnd()
    {
        if (!_der.Next(out byte tag))
        {
            return false;
        }

        return tag == DerTag.End ? _der.Leave() && To(Step.TbsEnds) : _der.Enter(DerTag.Context3) && To(Step.Extensions);
    }

    /// <summary>One octet says how many bits are unused, the rest is the signature.</summary>
    private bool SignatureFits()
    {
        uint bytes = _der.Length - 1;
        if (_der.Length < 2)
        {
            return _der.Fail(DerTag.BitString);
        }

        _state.SignatureBytes = (ushort)bytes;
        if (KeepsMessage)
        {
            return bytes == Ed25519.SignatureBytes || Fail(FaultReason.SignatureLength, Ed25519.SignatureBytes, bytes);
        }

        bool isRsa = SignatureAlgorithms.IsRsa(_state.Algorithm);
        uint limit = isRsa ? (uint)SignatureBytes(_policy.MaxRsaBits, 0) : (uint)SignatureBytes(0, _policy.MaxEcdsaBits);
        return bytes <= limit || FailSignatureSize(isRsa, bytes);
    }

    private bool FailSignatureSize(bool isRsa, uint bytes) => isRsa
        ? Fail(FaultReason.SignatureAboveProfileLimit, (uint)_policy.MaxRsaBits, bytes * 8)
        : Fail(FaultReason.SignatureAboveProfileLimit, (uint)_policy.MaxEcdsaBits, bytes <= MaxP384SignatureBytes ? 384u : bytes <= MaxP521SignatureBytes ? 521u : bytes * 4);

    private bool TakeSignature()
    {
        int at = _state.SignatureBytes - (int)_der.Remaining;
        _der.Chunk().CopyTo(_memory.Signature[at..]);
        if (IsResponse)
        {
            return _der.AtEnd && _der.Leave() && To(Step.ResponderCertificates);
        }

        bool othersMayFollow = Features.StapledStatus && Has(ChainFlags.OfStatus);
        return _der.AtEnd && _der.Leave() && _der.Leave() && (_der.AtEnd || othersMayFollow || _der.Fail(DerTag.End)) && To(Step.CertificateEnds);
    }
}
