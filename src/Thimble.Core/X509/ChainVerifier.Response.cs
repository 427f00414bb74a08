using System;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.X509;

/// <content>OCSPResponse, BasicOCSPResponse and SingleResponse (RFC 6960 §4.2.1).</content>
public ref partial struct ChainVerifier
{
    private bool TakeResponse() => _state.Step switch
    {
        Step.OcspResponse => _der.Enter(DerTag.Sequence) && To(Step.ResponseStatus),
        Step.ResponseStatus => _der.Atom(DerTag.Enumerated) && ChooseResponseStatus(),
        Step.NoResponse => _der.Leave() && (_der.AtEnd || _der.Fail(DerTag.End)) && PassRest(),
        Step.ResponseBytes => _der.Enter(DerTag.Context0) && To(Step.ResponseBytesSequence),
        Step.ResponseBytesSequence => _der.Enter(DerTag.Sequence) && To(Step.ResponseType),
        Step.ResponseType => _der.Atom(DerTag.ObjectIdentifier) && IsBasicResponse() && To(Step.Response),
        Step.Response => _der.Enter(DerTag.OctetString) && To(Step.BasicResponse),
        Step.BasicResponse => _der.Enter(DerTag.Sequence) && _der.Unwrap() && To(Step.ResponseDataBegins),
        Step.ResponseData => _der.Enter(DerTag.Sequence) && To(Step.ResponderId),
        Step.ResponderId => TakeResponderId(),
        Step.ResponderName => TakeOpaqueName(),
        Step.ResponderKey => TakeField(DerTag.OctetString) && KeepResponderKey() && _der.Leave() && To(Step.ProducedAt),
        Step.ProducedAt => _der.Atom(DerTag.GeneralizedTime) && IsProduced() && To(Step.Responses),
        Step.Responses => _der.Enter(DerTag.Sequence) && To(Step.SingleResponse),
        Step.ResponseExtensions => _der.Next(out byte tag)
            && (tag == DerTag.End ? _der.Leave() && To(Step.ResponseDataEnds) : _der.Enter(DerTag.Context1) && BeginResponseExtensions()),
        Step.ResponderCertificates => TakeResponderCertificates(),
        _ => _der.Enter(DerTag.Sequence) && _der.Unwrap() && BeginResponderCertificate(),
    };

    private bool TakeSingleResponse() => _state.Step switch
    {
        Step.SingleResponse => _der.AtEnd ? _der.Leave() && To(Step.ResponseExtensions) : _der.Enter(DerTag.Sequence) && To(Step.CertId),
        Step.CertId => _der.Enter(DerTag.Sequence) && To(Step.CertIdAlgorithm),
        Step.CertIdAlgorithm => _der.Enter(DerTag.Sequence) && To(Step.CertIdHash),
        Step.CertIdHash => _der.Atom(DerTag.ObjectIdentifier) && ChooseCertIdHash() && To(Step.CertIdParameters),
        Step.CertIdParameters => _der.Next(out byte tag) && To(tag == DerTag.End ? Step.CertIdAlgorithmEnd : Step.CertIdNull),
        Step.CertIdNull => _der.Atom(DerTag.Null) && To(Step.CertIdAlgorithmEnd),
        Step.CertIdAlgorithmEnd => _der.Leave() && To(Step.IssuerNameHash),
        Step.IssuerNameHash => TakeField(DerTag.OctetString) && CompareField(IssuerName) && To(Step.IssuerKeyHash),
        Step.IssuerKeyHash => TakeField(DerTag.OctetString) && KeepIssuerKeyHash() && To(Step.CertIdSerial),
        Step.CertIdSerial => TakeField(DerTag.Integer) && CompareField(((ReadOnlySpan<byte>)Status.Serial)[..Status.SerialBytes]) && _der.Leave() && EndCertId() && To(Step.CertStatus),
        Step.CertStatus => _der.Next(out byte tag) && To(tag == DerTag.Context1 ? Step.Revoked : Step.GoodOrUnknown),
        Step.GoodOrUnknown => TakeGoodOrUnknown(),
        Step.Revoked => _der.Enter(DerTag.Context1) && To(Step.RevocationTime),
        Step.RevocationTime => _der.Atom(DerTag.GeneralizedTime) && KeepRevocation() && To(Step.RevocationReasonTag),
        Step.RevocationReasonTag => _der.Next(out byte tag) && (tag == DerTag.End ? To(Step.RevokedEnd) : _der.Enter(DerTag.Context0) && To(Step.RevocationReason)),
        Step.RevocationReason => _der.Atom(DerTag.Enumerated) && KeepReason() && _der.Leave() && To(Step.RevokedEnd),
        Step.RevokedEnd => _der.Leave() && To(Step.ThisUpdate),
        Step.ThisUpdate => _der.Atom(DerTag.GeneralizedTime) && KeepThisUpdate() && To(Step.NextUpdateTag),
        Step.NextUpdateTag => TakeNextUpdateTag(),
        Step.NextUpdate => _der.Atom(DerTag.GeneralizedTime) && TakeTime(out long until) && JudgeTimes(until, ToleranceSeconds) && _der.Leave() && To(Step.SingleExtensions),
        _ => _der.Next(out byte tag)
            && (tag == DerTag.End ? _der.Leave() && EndSingleResponse() : _der.Enter(DerTag.Context1) && BeginResponseExtensions()),
    };

    private bool ActOnStatus() => _state.Step switch
    {
        Step.ResponseDataBegins => BeginResponseData(),
        Step.ResponderNameBegins => BeginResponderName(),
        Step.ResponderNameEnds => EndResponderName(),
        Step.ResponseDataEnds => EndResponseData(),
        Step.ResponseHashEnds => EndResponseHash(),
        _ => false,
    };

    /// <summary>The hash of the leaf's issuer name under the algorithm of the present CertID.</summary>
    private readonly ReadOnlySpan<byte> IssuerName => Knows(StatusFlags.CertIdSha1) ? (ReadOnlySpan<byte>)Status.IssuerNameSha1 : Status.IssuerName;

    /// <summary>An element that is compared, as it comes; the names' room is free while a response is read.</summary>
    private readonly Span<byte> Field => _memory.Operation[..NameHash.Bytes];

    /// <summary>Reads a primitive element into <see cref="Field"/>. What is longer than that equals nothing that it is compared with.</summary>
    private bool TakeField(byte tag)
    {
        if (!_der.Open(tag))
        {
            return false;
        }

        int at = (int)(_der.Length - _der.Remaining);
        ReadOnlySpan<byte> chunk = _der.Chunk();
        if (at < NameHash.Bytes)
        {
            chunk[..Math.Min(chunk.Length, NameHash.Bytes - at)].CopyTo(Field[at..]);
        }

        return _der.AtEnd && _der.Leave();
    }

    private bool CompareField(ReadOnlySpan<byte> wanted)
    {
        if (_der.Length != (uint)wanted.Length || !CryptographicOperations.FixedTimeEquals(Field[..wanted.Length], wanted))
        {
            Note(StatusFlags.Differs);
        }

        return true;
    }

    /// <summary>RFC 6960 §4.2.1: 0 is successful, 4 is not used, and what is above 6 is not defined. All others say that there is no status.</summary>
    private bool ChooseResponseStatus()
    {
        byte status = _der.Value[0];
        if (_der.Length != 1 || status is 4 or > 6)
        {
            return _der.Fail(DerTag.Enumerated);
        }

        Status.ResponseStatus = status;
        if (status == 0)
        {
            return To(Step.ResponseBytes);
        }

        Note(StatusFlags.Absent);
        return To(Step.NoResponse);
    }

    private bool IsBasicResponse() =>
        ObjectIdentifiers.FindOfStatus(_der.Value) == ObjectIdentifier.OcspBasic || _der.Fail(DerTag.ObjectIdentifier);

    private bool BeginResponseData()
    {
        for (HashAlgorithm hash = HashAlgorithm.Sha256; hash <= HashAlgorithm.Sha512; hash++)
        {
            if (MayBeSignedOver(hash))
            {
                Hash.Initialize(hash, ResponseHash(hash));
            }
        }

        _state.Sink = Sink.Response;
        return To(Step.ResponseData);
    }

    /// <summary>Version 1 is the DEFAULT and so absent; there is no other.</summary>
    private bool TakeResponderId()
    {
        if (!_der.Next(out byte tag))
        {
            return false;
        }

        if (tag != DerTag.Context2)
        {
            return _der.Open(DerTag.Context1) && To(Step.ResponderNameBegins);
        }

        Note(StatusFlags.ByKey);
        return _der.Enter(DerTag.Context2) && To(Step.ResponderKey);
    }

    private bool BeginResponderName()
    {
        Hash.Initialize(HashAlgorithm.Sha256, NameHashState);
        _state.Sink = Sink.ResponseAndName;
        return To(Step.ResponderName);
    }

    /// <summary>A name that is only compared: its hash is that of a certificate's name, or it is not.</summary>
    private bool TakeOpaqueName()
    {
        _der.Chunk();
        return _der.AtEnd && _der.Leave() && To(Step.ResponderNameEnds);
    }

    private bool EndResponderName()
    {
        Hash.Finish(HashAlgorithm.Sha256, NameHashState, Status.Responder);
        _state.Sink = Sink.Response;
        return To(Step.ProducedAt);
    }

    private bool KeepResponderKey()
    {
        Field[..ShortHash.Bytes].CopyTo(Status.Responder);
        return _der.Length == ShortHash.Bytes || _der.Fail(DerTag.OctetString);
    }

    private bool TakeTime(out long unixSeconds) =>
        ValidityTime.TryParseGeneralized(_der.Value[..TimeBytes], out unixSeconds) || _der.Fail(DerTag.GeneralizedTime);

    private bool IsProduced() => TakeTime(out long time)
        && (time <= _policy.NowUnixSeconds || Fail(FaultReason.StatusNotYetValid, ValidityTime.Minute(time), ValidityTime.Minute(_policy.NowUnixSeconds)));

    /// <summary>A CertID under another hash is not ours to understand, and so about another certificate.</summary>
    private bool ChooseCertIdHash()
    {
        ObjectIdentifier hash = ObjectIdentifiers.FindOfStatus(_der.Value);
        Drop(StatusFlags.Differs | StatusFlags.CertIdSha1);
        Note(StatusFlags.InSingle | (hash == ObjectIdentifier.Sha1 ? StatusFlags.CertIdSha1 : hash == ObjectIdentifier.Sha256 ? StatusFlags.None : StatusFlags.Differs));
        return true;
    }

    private bool KeepIssuerKeyHash()
    {
        int bytes = Knows(StatusFlags.CertIdSha1) ? ShortHash.Bytes : NameHash.Bytes;
        if (_der.Length != (uint)bytes)
        {
            Note(StatusFlags.Differs);
        }
        else if (!Knows(StatusFlags.Matched))
        {
            Field[..bytes].CopyTo(Status.IssuerKeyHash);
        }
        else if (Knows(StatusFlags.CertIdSha1) == Knows(StatusFlags.MatchedSha1))
        {
            CompareField(((ReadOnlySpan<byte>)Status.IssuerKeyHash)[..bytes]);
        }

        return true;
    }

    /// <summary>
    /// The first that is about our certificate counts, unless one behind it says that it is revoked. There a key under the other hash
    /// is taken for the issuer's: the serial number and the name are ours.
    /// </summary>
    private bool EndCertId()
    {
        if (Knows(StatusFlags.Matched))
        {
            Note(Knows(StatusFlags.Differs) ? StatusFlags.None : StatusFlags.OursAgain);
            return true;
        }

        if (Knows(StatusFlags.Differs))
        {
            Status.Actual++;
            return true;
        }

        Note(StatusFlags.Matched | StatusFlags.Ours | (Knows(StatusFlags.CertIdSha1) ? StatusFlags.MatchedSha1 : StatusFlags.None));
        Rule(FaultReason.None, 0, 0);
        return true;
    }

    /// <summary>[0] IMPLICIT NULL is good, [2] IMPLICIT NULL is unknown.</summary>
    private bool TakeGoodOrUnknown()
    {
        byte tag = _der.Tag == DerTag.Implicit2 ? DerTag.Implicit2 : DerTag.Implicit0;
        if (!_der.Atom(tag))
        {
            return false;
        }

        if (tag == DerTag.Implicit2 && Knows(StatusFlags.Ours))
        {
            Rule(FaultReason.StatusUnknown, 0, 0);
        }

        return (_der.Length == 0 || _der.Fail(DerTag.Null)) && To(Step.ThisUpdate);
    }

    private bool KeepRevocation()
    {
        if (!TakeTime(out long time))
        {
            return false;
        }

        if (Knows(StatusFlags.Ours | StatusFlags.OursAgain))
        {
            Rule(FaultReason.CertificateRevoked, ValidityTime.Minute(time), 0);
        }

        return true;
    }

    private bool KeepReason()
    {
        if (_der.Length != 1)
        {
            return _der.Fail(DerTag.Enumerated);
        }

        if (Knows(StatusFlags.Ours | StatusFlags.OursAgain))
        {
            Status.Actual = _der.Value[0];
        }

        return true;
    }

    private bool KeepThisUpdate()
    {
        bool isTime = TakeTime(out long time);
        Status.ThisUpdate = time;
        return isTime;
    }

    private bool TakeNextUpdateTag()
    {
        if (!_der.Next(out byte tag))
        {
            return false;
        }

        return tag == DerTag.Context0
            ? _der.Enter(DerTag.Context0) && To(Step.NextUpdate)
            : JudgeTimes(Status.ThisUpdate + MaxAgeSeconds, 0) && To(Step.SingleExtensions);
    }

    /// <summary>RFC 6960 §3.2: good only from thisUpdate on and before nextUpdate, or a little later, as RFC 5019 §4 allows. What is revoked stays so.</summary>
    private bool JudgeTimes(long until, long tolerance)
    {
        long now = _policy.NowUnixSeconds;
        if (!Knows(StatusFlags.Ours) || Status.Verdict != FaultReason.None)
        {
            return true;
        }

        if (now < Status.ThisUpdate)
        {
            Rule(FaultReason.StatusNotYetValid, ValidityTime.Minute(Status.ThisUpdate), ValidityTime.Minute(now));
        }
        else if (now >= until + tolerance)
        {
            Rule(FaultReason.StatusExpired, ValidityTime.Minute(until), ValidityTime.Minute(now));
        }

        return true;
    }

    private bool BeginResponseExtensions()
    {
        _state.ExtensionsSeen = 0;
        return To(Step.Extensions);
    }

    /// <summary>The nonce answers a request, and a staple answers none of ours.</summary>
    private bool ChooseResponseExtension() =>
        (!Has(ChainFlags.Critical) || _state.Extension == NonceId || Fail(FaultReason.UnknownCriticalExtension)) && To(Step.OpaqueValue);

    /// <summary>The extensions that are known besides those below 2.5.29, each where it belongs.</summary>
    private readonly byte ExtensionOfStatus()
    {
        ObjectIdentifier wanted = IsResponse ? ObjectIdentifier.OcspNonce : Has(ChainFlags.OfStatus) ? ObjectIdentifier.Unknown : ObjectIdentifier.TlsFeature;
        ObjectIdentifier found = ObjectIdentifiers.FindOfStatus(_der.Value);
        return found != wanted || found == ObjectIdentifier.Unknown ? (byte)0 : found == ObjectIdentifier.OcspNonce ? NonceId : TlsFeatureId;
    }

    /// <summary>
    /// RFC 7633 §4.2.3: of the features that the leaf demands, we can offer one. A client that did not offer it is told nothing by
    /// its absence, so that the demand counts only where a status was asked for.
    /// </summary>
    private bool AddFeature()
    {
        if (KeepsStatus && _state.Index == 0 && _der.Length == 1 && _der.Value[0] == StatusRequest)
        {
            Note(StatusFlags.MustStaple);
        }

        return true;
    }

    private bool EndResponseExtensions() => Knows(StatusFlags.InSingle) ? EndSingleResponse() : To(Step.ResponseDataEnds);

    private bool EndSingleResponse()
    {
        Drop(StatusFlags.InSingle | StatusFlags.Ours | StatusFlags.OursAgain);
        return To(Step.SingleResponse);
    }

    private bool EndResponseData()
    {
        _state.Sink = Sink.None;
        return To(Step.AlgorithmIdentifier);
    }

    /// <summary>The algorithm is known now: of the hashes that ran, one counts.</summary>
    private bool EndResponseHash()
    {
        Hash.Finish(TbsHash, ResponseHash(TbsHash), _memory.Digest);
        _state.WaitingAlgorithm = _state.Algorithm;
        return To(Step.SignatureValue);
    }

    /// <summary>Where the issuer answers under its own name, certificates can say nothing new.</summary>
    private bool TakeResponderCertificates()
    {
        if (!_der.Next(out byte tag))
        {
            return false;
        }

        bool byIssuer = !Knows(StatusFlags.ByKey) && CryptographicOperations.FixedTimeEquals(Status.Responder, Status.IssuerName);
        if (tag == DerTag.End)
        {
            return (byIssuer || Knows(StatusFlags.ByKey) || Fail(FaultReason.StatusResponderInvalid)) && PassRest();
        }

        return _der.Enter(DerTag.Context0) && (byIssuer ? PassRest() : To(Step.ResponderCertificateList));
    }

    private bool BeginResponderCertificate()
    {
        if (_der.AtEnd)
        {
            return (Knows(StatusFlags.ByKey) || Fail(FaultReason.StatusResponderInvalid)) && PassRest();
        }

        _state.Index = 1;
        _state.Flags = ChainFlags.OfStatus;
        _state.ExtensionsSeen = 0;
        return To(Step.Certificate);
    }
}
