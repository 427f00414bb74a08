using System;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Thimble.X509;

/// <content>
/// subjectAltName (RFC 5280 §4.2.1.6), compared with the reference name while it passes (RFC 9525 §6). Only its length
/// and position are needed: a name that matches ends where the reference name ends.
/// </content>
public ref partial struct ChainVerifier
{
    /// <summary>The tags of GeneralName: three hold elements, the others are implicit primitives.</summary>
    private const byte OtherNameForm = 0xA0, Rfc822Name = 0x81, X400Address = 0xA3, DirectoryName = 0xA4, EdiPartyName = 0xA5, Uri = 0x86, RegisteredId = 0x88;

    private bool TakeSubjectAltName() => _state.Step switch
    {
        Step.SubjectAltName => _der.Enter(DerTag.Sequence) && (!_der.AtEnd || _der.Fail(DerTag.Implicit2)) && BeginSubjectAltName(),
        Step.GeneralName => _der.AtEnd ? _der.Leave() && To(Step.ExtensionEnd) : _der.Next(out byte tag) && ChooseGeneralName(tag),
        Step.DnsName => _der.Open(DerTag.Implicit2) && BeginDnsName(),
        Step.DnsNameBytes => TakeDnsName(),
        Step.AddressName => _der.Atom(DerTag.Implicit7) && JudgeAddress() && To(Step.GeneralName),
        _ => _der.Skip() && To(Step.GeneralName),
    };

    /// <summary>The reference name without the dot that may end an absolute one (RFC 9525 §6.3 compares without it).</summary>
    private readonly ReadOnlySpan<byte> ServerName
    {
        get
        {
            ReadOnlySpan<byte> name = _policy.ServerName;
            return name.Length > 1 && name[^1] == '.' ? name[..^1] : name;
        }
    }

    /// <summary>Room to write an address literal as octets; between names, where it is used, the region is free.</summary>
    private readonly Span<byte> AddressScratch => _memory.Operation.Slice(NameHashOffset, IpAddress.MaxBytes);

    /// <summary>The reference address as octets, 4 or 16; empty where the reference name is no address.</summary>
    private readonly ReadOnlySpan<byte> Address
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => AddressScratch[..IpAddress.Parse(ServerName, AddressScratch)];
    }

    private bool BeginSubjectAltName()
    {
        Set(ChainFlags.SubjectAltNameCritical, Has(ChainFlags.Critical));
        return To(Step.GeneralName);
    }

    private bool ChooseGeneralName(byte tag)
    {
        if (tag is not (DerTag.Implicit2 or DerTag.Implicit7) && !IsOtherForm(tag))
        {
            return _der.Fail(DerTag.Implicit2);
        }

        _state.NameForms |= (ushort)(1 << (tag & 0x1F));
        return To(tag switch
        {
            DerTag.Implicit2 => Step.DnsName,
            DerTag.Implicit7 => Step.AddressName,
            _ => Step.OtherName,
        });
    }

    private static bool IsOtherForm(byte tag) =>
        tag is OtherNameForm or Rfc822Name or X400Address or DirectoryName or EdiPartyName or Uri or RegisteredId;

    /// <summary>The first name of the leaf is kept, to say what was found instead of the reference name.</summary>
    private bool BeginDnsName()
    {
        bool isOfKind = _state.Index == 0 && !Has(ChainFlags.ReferenceIsAddress);
        bool isFirst = _state.Index == 0 && !Has(ChainFlags.TextTaken);
        Set(ChainFlags.Capture, isFirst);
        if (isFirst)
        {
            Candidate[0] = 0;
            Set(ChainFlags.TextTaken, true);
        }

        if (isOfKind)
        {
            Set(ChainFlags.NameOfKindSeen, true);
        }

        Set(ChainFlags.Differs, !isOfKind || _der.Length == 0);
        Set(ChainFlags.Wildcard, false);
        return To(Step.DnsNameBytes);
    }

    private bool TakeDnsName()
    {
        int length = (int)_der.Length;
        int at = length - (int)_der.Remaining;
        ReadOnlySpan<byte> chunk = _der.Chunk();

        // An empty label is no part of a name (RFC 1034 §3.5), and a leading dot looks like a pattern where none is defined.
        if (at == 0 && !chunk.IsEmpty && chunk[0] == '.')
        {
            return _der.Fail(DerTag.Implicit2);
        }

        if (Has(ChainFlags.Capture))
        {
            Capture(chunk);
        }

        if (!Has(ChainFlags.Differs) && !chunk.IsEmpty)
        {
            CompareDnsName(chunk, at, length);
        }

        return _der.AtEnd && _der.Leave() && EndDnsName();
    }

    private void CompareDnsName(ReadOnlySpan<byte> chunk, int at, int length)
    {
        if (at == 0)
        {
            bool isWildcard = chunk[0] == '*';
            Set(ChainFlags.Wildcard, isWildcard);
            Set(ChainFlags.Differs, isWildcard ? !WildcardFits(length) : length != ServerName.Length);
            if (isWildcard)
            {
                chunk = chunk[1..];
                at++;
            }
        }

        if (!Has(ChainFlags.Differs) && !AsciiText.EqualsIgnoreCase(chunk, ServerName.Slice(ServerName.Length - length + at, chunk.Length)))
        {
            Set(ChainFlags.Differs, true);
        }
    }

    /// <summary>
    /// "*" is the whole left-most label and stands for one label that is not empty (RFC 9525 §6.3); at least two labels
    /// follow, for nobody may speak for a whole top-level domain. What follows "*" is as long as what follows the first label.
    /// </summary>
    private readonly bool WildcardFits(int length)
    {
        ReadOnlySpan<byte> name = ServerName;
        int dot = AsciiText.IndexOf(name, (byte)'.');
        return dot > 0 && name.Length - dot == length - 1 && AsciiText.IndexOf(name[(dot + 1)..], (byte)'.') > 0;
    }

    private bool EndDnsName()
    {
        if (!Has(ChainFlags.Differs))
        {
            Set(ChainFlags.NameMatched, true);
            if (!Has(ChainFlags.Wildcard))
            {
                Set(ChainFlags.MatchedExactly, true);
            }
        }

        return To(Step.GeneralName);
    }

    private bool JudgeAddress()
    {
        if (_der.Length is not (4 or 16))
        {
            return _der.Fail(DerTag.Implicit7);
        }

        if (_state.Index == 0 && Has(ChainFlags.ReferenceIsAddress))
        {
            Set(ChainFlags.NameOfKindSeen, true);
            if (CryptographicOperations.FixedTimeEquals(_der.Value, Address))
            {
                Set(ChainFlags.NameMatched | ChainFlags.MatchedExactly, true);
            }
        }

        return true;
    }
}
