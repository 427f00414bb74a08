using System;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>Extensions (RFC 5280 §4.2).</content>
public ref partial struct ChainVerifier
{
    private const byte KeyUsageId = 15, SubjectAltNameId = 17, BasicConstraintsId = 19, NameConstraintsId = 30,
        CertificatePoliciesId = 32, PolicyMappingsId = 33, PolicyConstraintsId = 36, ExtendedKeyUsageId = 37, InhibitAnyPolicyId = 54;

    /// <summary>For two that do not stand below 2.5.29: TLS feature (RFC 7633 §4) of a certificate, and the nonce (RFC 6960 §4.4.1) of a response.</summary>
    private const byte TlsFeatureId = 0x80 | 24, NonceId = 0x80 | 2;

    /// <summary>Bits of keyUsage with bit 0 topmost, as they come (RFC 5280 §4.2.1.3).</summary>
    private const ushort DigitalSignature = 0x8000, KeyCertSign = 0x0400;

    private bool TakeExtensions() => _state.Step switch
    {
        Step.Extensions => _der.Enter(DerTag.Sequence) && (!_der.AtEnd || _der.Fail(DerTag.Sequence)) && To(Step.Extension),
        Step.Extension => _der.AtEnd
            ? _der.Leave() && _der.Leave() && _der.Leave() && EndExtensions()
            : _der.Enter(DerTag.Sequence) && To(Step.ExtensionId),
        Step.ExtensionId => _der.Atom(DerTag.ObjectIdentifier) && BeginExtension() && To(Step.CriticalTag),
        Step.CriticalTag => _der.Next(out byte tag) && To(tag == DerTag.Boolean ? Step.Critical : Step.ExtensionValue),
        Step.Critical => _der.Atom(DerTag.Boolean) && SetCritical() && To(Step.ExtensionValue),
        Step.ExtensionValue => _der.Enter(DerTag.OctetString) && ChooseExtension(),
        Step.OpaqueValue => TakeOpaqueValue(),
        Step.KeyUsage => _der.Atom(DerTag.BitString) && SetKeyUsage() && To(Step.ExtensionEnd),
        Step.BasicConstraints => _der.Enter(DerTag.Sequence) && To(Step.CaTag),
        Step.CaTag => _der.Next(out byte tag) && To(tag == DerTag.Boolean ? Step.Ca : Step.PathLengthTag),
        Step.Ca => _der.Atom(DerTag.Boolean) && SetCa() && To(Step.PathLengthTag),
        Step.PathLengthTag => _der.Next(out byte tag) && To(tag == DerTag.End ? Step.BasicConstraintsEnd : Step.PathLength),
        Step.PathLength => _der.Atom(DerTag.Integer) && SetPathLength() && To(Step.BasicConstraintsEnd),
        Step.BasicConstraintsEnd => _der.Leave() && To(Step.ExtensionEnd),
        Step.ExtendedKeyUsage => _der.Enter(DerTag.Sequence) && (!_der.AtEnd || _der.Fail(DerTag.ObjectIdentifier)) && To(Step.KeyPurpose),
        Step.KeyPurpose => _der.AtEnd ? _der.Leave() && To(Step.ExtensionEnd) : _der.Atom(DerTag.ObjectIdentifier) && AddPurpose(),
        Step.PolicyConstraints => _der.Enter(DerTag.Sequence) && To(Step.RequireExplicitPolicy),
        Step.RequireExplicitPolicy => _der.Next(out byte tag)
            && (tag == DerTag.Implicit1 || (tag == DerTag.Implicit0 ? Fail(FaultReason.PolicyUnsupported) : _der.Fail(DerTag.Implicit1)))
            && To(Step.InhibitPolicyMapping),
        Step.InhibitPolicyMapping => _der.Skip() && _der.Leave() && To(Step.ExtensionEnd),
        Step.TlsFeatures => _der.Enter(DerTag.Sequence) && To(Step.TlsFeature),
        Step.TlsFeature => _der.AtEnd ? _der.Leave() && To(Step.ExtensionEnd) : _der.Atom(DerTag.Integer) && AddFeature(),
        _ => _der.Leave() && _der.Leave() && EndExtension(),
    };

    private readonly bool Seen(byte extension) => (_state.ExtensionsSeen & Bit(extension)) != 0;

    /// <summary>A bit for each extension of RFC 5280 §4.2.1: 2.5.29.9 and .14 to .37, .46 and .54. 0 for others.</summary>
    private static uint Bit(byte extension) => extension switch
    {
        9 => 1u,
        >= 14 and <= 37 => 1u << (extension - 13),
        46 => 1u << 25,
        54 => 1u << 26,
        TlsFeatureId => 1u << 27,
        NonceId => 1u << 28,
        _ => 0,
    };

    /// <summary>
    /// Duplicates are found among the extensions of RFC 5280 only: to notice them among others would need memory for
    /// every identifier that a peer invents, and what is not known changes nothing here, once or twice.
    /// </summary>
    private bool BeginExtension()
    {
        byte extension = ObjectIdentifiers.LastArc(_der.Value, 29);
        if (Features.StapledStatus && extension == 0)
        {
            extension = ExtensionOfStatus();
        }

        _state.Extension = extension;
        Set(ChainFlags.Critical, false);
        if (Seen(extension))
        {
            return Fail(FaultReason.DuplicateExtension, 0, extension);
        }

        _state.ExtensionsSeen |= Bit(extension);
        return true;
    }

    /// <summary>DER leaves a FALSE out, yet certificates that spell it are in use; it means the same, so it is let pass here and in cA.</summary>
    private bool SetCritical()
    {
        Set(ChainFlags.Critical, _der.Value[0] != 0);
        return true;
    }

    private bool ChooseExtension()
    {
        if (IsResponse)
        {
            return ChooseResponseExtension();
        }

        switch (_state.Extension)
        {
            case KeyUsageId:
                return To(Step.KeyUsage);
            case SubjectAltNameId:
                return To(Step.SubjectAltName);
            case BasicConstraintsId:
                return To(Step.BasicConstraints);
            case NameConstraintsId:
                return To(Step.NameConstraints);
            case ExtendedKeyUsageId:
                return To(Step.ExtendedKeyUsage);
            case PolicyConstraintsId:
                return To(Step.PolicyConstraints);
            case TlsFeatureId when Features.StapledStatus:
                return To(Step.TlsFeatures);
            case CertificatePoliciesId or PolicyMappingsId or InhibitAnyPolicyId:
                // Any policy is accepted, so these change nothing as long as none is required (RFC 5280 §6.1.5 (g)).
                return To(Step.OpaqueValue);
            default:
                return (!Has(ChainFlags.Critical) || Fail(FaultReason.UnknownCriticalExtension, 0, _state.Extension)) && To(Step.OpaqueValue);
        }
    }

    private bool TakeOpaqueValue()
    {
        _der.Chunk();
        return _der.AtEnd && To(Step.ExtensionEnd);
    }

    /// <summary>A named bit list has no zero bits at its end (X.690 §11.2.2) and at least one that is set.</summary>
    private bool SetKeyUsage()
    {
        ReadOnlySpan<byte> value = _der.Value;
        if (value.Length is < 2 or > 3 || ((value[^1] >> value[0]) & 1) == 0)
        {
            return _der.Fail(DerTag.BitString);
        }

        _state.KeyUsage = (ushort)((value[1] << 8) | (value.Length == 3 ? value[2] : 0));
        return true;
    }

    private bool SetCa()
    {
        Set(ChainFlags.IsCa, _der.Value[0] != 0);
        return true;
    }

    private bool SetPathLength()
    {
        ReadOnlySpan<byte> value = _der.Value;
        if (value[0] >= 0x80 || !Has(ChainFlags.IsCa))
        {
            return _der.Fail(DerTag.Integer);
        }

        Set(ChainFlags.HasPathLength, true);
        _state.PathLength = value.Length == 1 && value[0] < ChainState.MaxPathLength ? value[0] : ChainState.MaxPathLength;
        return true;
    }

    /// <summary>A CA may be allowed every purpose; a server's own certificate must name the one that it serves (RFC 5280 §4.2.1.12).</summary>
    private bool AddPurpose()
    {
        if (Features.StapledStatus && Has(ChainFlags.OfStatus))
        {
            return AddResponderPurpose();
        }

        ObjectIdentifier purpose = ObjectIdentifiers.Find(_der.Value);
        if (purpose == ObjectIdentifier.ServerAuth || (purpose == ObjectIdentifier.AnyExtendedKeyUsage && _state.Index != 0))
        {
            Set(ChainFlags.PurposeAllowed, true);
        }

        return true;
    }

    private bool EndExtension()
    {
        _state.Extension = 0;
        return To(Step.Extension);
    }

    private bool EndExtensions() => IsResponse ? EndResponseExtensions() : To(Step.TbsEnds);
}
