using System;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>
/// NameConstraints (RFC 5280 §4.2.1.10) of a CA or of an anchor. They come after the leaf's names have passed, so they
/// are applied to the reference name that was matched, the only name that this connection relies on (RULES 12).
/// </content>
public ref partial struct ChainVerifier
{
    private bool TakeNameConstraints() => _state.Step switch
    {
        Step.NameConstraints => _der.Enter(DerTag.Sequence) && (!_der.AtEnd || _der.Fail(DerTag.Context0)) && BeginNameConstraints(),
        Step.SubtreesTag => _der.AtEnd ? _der.Leave() && EndNameConstraints() : _der.Next(out byte tag) && EnterSubtrees(tag),
        Step.GeneralSubtree => _der.AtEnd ? _der.Leave() && To(Step.SubtreesTag) : _der.Enter(DerTag.Sequence) && To(Step.SubtreeBase),
        Step.SubtreeBase => _der.Next(out byte tag) && ChooseSubtree(tag),
        Step.SubtreeDns => _der.Open(DerTag.Implicit2) && BeginSubtreeDns(),
        Step.SubtreeDnsBytes => TakeSubtreeDns(),
        Step.SubtreeAddress => _der.Open(DerTag.Implicit7) && BeginSubtreeAddress(),
        Step.SubtreeAddressBytes => TakeSubtreeAddress(),
        Step.SubtreeOther => _der.Skip() && To(Step.SubtreeEnd),
        _ => _der.Leave() && To(Step.GeneralSubtree),
    };

    private bool BeginNameConstraints()
    {
        Set(ChainFlags.PermittedSeen | ChainFlags.PermittedMatched | ChainFlags.ExcludedMatched, false);
        _state.Subtrees = 0;
        return To(Step.SubtreesTag);
    }

    /// <summary>permittedSubtrees [0], then excludedSubtrees [1], each at most once and not empty.</summary>
    private bool EnterSubtrees(byte tag)
    {
        byte subtrees = (byte)(tag - DerTag.Context0 + 1);
        if (subtrees is not (1 or 2) || subtrees <= _state.Subtrees)
        {
            return _der.Fail(DerTag.Context0);
        }

        _state.Subtrees = subtrees;
        return _der.Enter(tag) && (!_der.AtEnd || _der.Fail(DerTag.Sequence)) && To(Step.GeneralSubtree);
    }

    /// <summary>A critical constraint on a form that was present below and cannot be judged here must refuse the chain.</summary>
    private bool ChooseSubtree(byte tag)
    {
        switch (tag)
        {
            case DerTag.Implicit2:
                return To(Step.SubtreeDns);
            case DerTag.Implicit7:
                return To(Step.SubtreeAddress);
            default:
                bool isPresent = (_state.NameForms & (1 << (tag & 0x1F))) != 0;
                return (IsOtherForm(tag) || _der.Fail(DerTag.Implicit2))
                    && (!Has(ChainFlags.Critical) || !isPresent || FailAt(ConstraintDepth, FaultReason.NameConstraintUnsupported, 0, tag))
                    && To(Step.SubtreeOther);
        }
    }

    /// <summary>The anchor stands above the certificate that was read last.</summary>
    private readonly byte ConstraintDepth => (byte)(_state.Index + (Has(ChainFlags.OfAnchor) ? 1 : 0));

    /// <summary>
    /// "host.example.com" contains itself and every name that adds labels on its left; "" contains every name. A name
    /// that was matched through a wildcard is permitted only where all that the wildcard stands for is.
    /// </summary>
    private bool BeginSubtreeDns()
    {
        ReadOnlySpan<byte> name = ServerName;
        int start = name.Length - (int)_der.Length;
        bool isOnLabel = start >= 0 && (start == 0 || _der.Length == 0 || name[start - 1] == '.');
        bool holdsWildcard = Has(ChainFlags.MatchedExactly) || _state.Subtrees == 2 || start > AsciiText.IndexOf(name, (byte)'.');
        Set(ChainFlags.Differs, Has(ChainFlags.ReferenceIsAddress) || !isOnLabel || !holdsWildcard);
        PreviousOctet = (byte)'.';
        return To(Step.SubtreeDnsBytes);
    }

    private bool TakeSubtreeDns()
    {
        int at = ServerName.Length - (int)_der.Remaining;
        ReadOnlySpan<byte> chunk = _der.Chunk();
        if (!IsDnsText(chunk))
        {
            return _der.Fail(DerTag.Implicit2);
        }

        if (!Has(ChainFlags.Differs) && !AsciiText.EqualsIgnoreCase(chunk, ServerName.Slice(at, chunk.Length)))
        {
            Set(ChainFlags.Differs, true);
        }

        return _der.AtEnd && _der.Leave() && EndSubtree(!Has(ChainFlags.ReferenceIsAddress));
    }

    /// <summary>While the octets of an element pass, the room for short ones is free.</summary>
    private readonly ref byte PreviousOctet => ref _state.Der.Atom[0];

    /// <summary>
    /// A constraint is a name and nothing else: no wildcard, no label that is empty, hence no dot in front or behind, and
    /// no character that host names lack. To ignore what such a one may mean could permit what was meant to be excluded.
    /// </summary>
    private readonly bool IsDnsText(ReadOnlySpan<byte> chunk)
    {
        foreach (byte octet in chunk)
        {
            if (!AsciiText.IsOfHostName(octet) || (octet == '.' && PreviousOctet == '.'))
            {
                return false;
            }

            PreviousOctet = octet;
        }

        return !_der.AtEnd || _der.Length == 0 || PreviousOctet != '.';
    }

    private bool BeginSubtreeAddress()
    {
        if (_der.Length is not (8 or 32))
        {
            return _der.Fail(DerTag.Implicit7);
        }

        Set(ChainFlags.Differs, Address.Length != (int)_der.Length >> 1);
        return To(Step.SubtreeAddressBytes);
    }

    /// <summary>
    /// An address and a mask of the same length (RFC 5280 §4.2.1.10, RFC 4632 §3.1): the mask's ones come first. IPv4 and
    /// IPv6 are one form of names: what permits subnets of one permits nothing of the other.
    /// </summary>
    private bool TakeSubtreeAddress()
    {
        int half = (int)_der.Length >> 1;
        int at = (int)_der.Length - (int)_der.Remaining;
        ReadOnlySpan<byte> address = Address;
        foreach (byte octet in _der.Chunk())
        {
            if (at < half)
            {
                _state.Der.Atom[at] = octet;
            }
            else if (!TakeMask(octet, at - half, address))
            {
                return false;
            }

            at++;
        }

        return _der.AtEnd && _der.Leave() && EndSubtree(Has(ChainFlags.ReferenceIsAddress));
    }

    private bool TakeMask(byte mask, int at, ReadOnlySpan<byte> address)
    {
        // Each octet is consumed by its comparison, so the one before it can keep its mask.
        byte previous = at == 0 ? (byte)0xFF : _state.Der.Atom[at - 1];
        byte wanted = _state.Der.Atom[at];
        if (!IsMaskOctet(mask) || (previous != 0xFF && mask != 0))
        {
            return _der.Fail(DerTag.Implicit7);
        }

        if (!Has(ChainFlags.Differs) && ((wanted ^ address[at]) & mask) != 0)
        {
            Set(ChainFlags.Differs, true);
        }

        _state.Der.Atom[at] = mask;
        return true;
    }

    /// <summary>Ones, then zeros: the complement is one less than a power of two.</summary>
    private static bool IsMaskOctet(byte mask) => ((byte)~mask & ((byte)~mask + 1)) == 0;

    private bool EndSubtree(bool isOfKind)
    {
        bool isMatch = isOfKind && !Has(ChainFlags.Differs);
        if (_state.Subtrees == 2)
        {
            Set(ChainFlags.ExcludedMatched, isMatch || Has(ChainFlags.ExcludedMatched));
        }
        else if (isOfKind)
        {
            Set(ChainFlags.PermittedSeen, true);
            Set(ChainFlags.PermittedMatched, isMatch || Has(ChainFlags.PermittedMatched));
        }

        return To(Step.SubtreeEnd);
    }

    private bool EndNameConstraints()
    {
        if (Has(ChainFlags.ExcludedMatched) || (Has(ChainFlags.PermittedSeen) && !Has(ChainFlags.PermittedMatched)))
        {
            return FailAt(ConstraintDepth, FaultReason.NameConstraintViolated);
        }

        if (!Has(ChainFlags.OfAnchor))
        {
            return To(Step.ExtensionEnd);
        }

        return (_der.AtEnd || _der.Fail(DerTag.End)) && To(Step.AnchorTrusted);
    }
}
