using System;

namespace Thimble.X509;

/// <content>Name (RFC 5280 §4.1.2.4): hashed as it passes, and the part that people know an issuer by is kept.</content>
public ref partial struct ChainVerifier
{
    private const int CommonName = 3, OrganizationName = 10, OrganizationalUnitName = 11;

    private bool TakeName() => _state.Step switch
    {
        Step.Name => _der.Enter(DerTag.Sequence) && BeginName(),
        Step.RelativeDistinguishedName => _der.AtEnd
            ? _der.Leave() && To(Step.NameEnds)
            : _der.Enter(DerTag.Set) && (!_der.AtEnd || _der.Fail(DerTag.Sequence)) && To(Step.Attribute),
        Step.Attribute => _der.AtEnd
            ? _der.Leave() && To(Step.RelativeDistinguishedName)
            : _der.Enter(DerTag.Sequence) && To(Step.AttributeType),
        Step.AttributeType => _der.Atom(DerTag.ObjectIdentifier) && RankAttribute() && To(Step.AttributeTag),
        Step.AttributeTag => _der.Next(out byte tag) && (tag != DerTag.End || _der.Fail(DerTag.Utf8String)) && JudgeAttribute(tag)
            && _der.Open(tag) && To(Step.AttributeValue),
        _ => TakeAttributeValue(),
    };

    /// <summary>An empty issuer names nobody; an empty subject is lawful where a critical subjectAltName names the leaf.</summary>
    private bool BeginName()
    {
        _state.TextRank = 0;
        if (_der.AtEnd)
        {
            if (!Has(ChainFlags.SubjectComes))
            {
                return Fail(Memory.FaultReason.IssuerEmpty);
            }

            Set(ChainFlags.SubjectEmpty, true);
        }

        if (!Has(ChainFlags.SubjectComes))
        {
            Candidate[0] = 0;
        }

        return To(Step.RelativeDistinguishedName);
    }

    /// <summary>The common name is what people know a CA by, else its organization, else the unit; the first of a kind counts.</summary>
    private bool RankAttribute()
    {
        _state.AttributeRank = ObjectIdentifiers.LastArc(_der.Value, 4) switch
        {
            CommonName => 3,
            OrganizationName => 2,
            OrganizationalUnitName => 1,
            _ => 0,
        };
        return true;
    }

    private bool JudgeAttribute(byte tag)
    {
        bool isText = tag is DerTag.Utf8String or DerTag.PrintableString or DerTag.Ia5String or DerTag.TeletexString;
        bool isBetter = isText && _state.AttributeRank > _state.TextRank && !Has(ChainFlags.SubjectComes);
        Set(ChainFlags.Capture, isBetter);
        if (isBetter)
        {
            _state.TextRank = _state.AttributeRank;
            Candidate[0] = 0;
        }

        return true;
    }

    private bool TakeAttributeValue()
    {
        ReadOnlySpan<byte> chunk = _der.Chunk();
        if (Has(ChainFlags.Capture))
        {
            Capture(chunk);
        }

        return _der.AtEnd && _der.Leave() && _der.Leave() && To(Step.Attribute);
    }

    /// <summary>A text that takes the place of the kept one once its certificate turns out to belong here.</summary>
    private readonly Span<byte> Candidate => _memory.Operation[..TextBytes];

    /// <summary>Appends to the candidate what still fits.</summary>
    private readonly void Capture(ReadOnlySpan<byte> chunk)
    {
        Span<byte> text = Candidate;
        int at = 1 + text[0];
        chunk = chunk[..Math.Min(chunk.Length, TextBytes - at)];
        chunk.CopyTo(text[at..]);
        text[0] += (byte)chunk.Length;
    }

    private readonly void KeepCandidate()
    {
        Span<byte> text = Candidate;
        text[..(1 + text[0])].CopyTo(_memory.Text);
    }
}
