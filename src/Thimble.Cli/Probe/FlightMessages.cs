using System;
using System.Collections.Generic;
using System.Text;

namespace Thimble.Cli.Probe;

/// <summary>Reads the messages of a server's first flight, each to its end. False where one is not what its definition says.</summary>
internal static class FlightMessages
{
    private const int MaxCertificates = 32;
    private const byte NamedCurve = 3, Ocsp = 1;

    /// <summary>RFC 8446 §4.1.3: the random of a HelloRetryRequest, SHA-256 of that name.</summary>
    private static ReadOnlySpan<byte> RetryRandom =>
    [
        0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
        0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
    ];

    /// <summary>RFC 8446 §4.2: what ServerHello may hold in TLS 1.3; all else goes into EncryptedExtensions.</summary>
    private static readonly ushort[] s_ofHello13 = [TlsNumbers.SupportedVersions, TlsNumbers.KeyShare, TlsNumbers.PreSharedKey, TlsNumbers.Cookie];

    /// <summary>What has no place in EncryptedExtensions: TLS 1.3's hello has the first two, and the others are of TLS 1.2.</summary>
    private static readonly ushort[] s_notEncrypted = [TlsNumbers.SupportedVersions, TlsNumbers.KeyShare, TlsNumbers.ExtendedMasterSecret, TlsNumbers.SessionTicket];

    /// <summary>RFC 5246 §7.4.1.3, RFC 8446 §4.1.3, §4.1.4.</summary>
    public static bool ServerHello(ReadOnlySpan<byte> body, ServerFacts facts, out bool isRetry, out byte[] serverKey)
    {
        var reader = new WireReader(body);
        facts.Version = reader.UInt16();
        isRetry = reader.Bytes(TlsNumbers.RandomBytes).SequenceEqual(RetryRandom);
        int sessionIdBytes = reader.Vector8().Length;
        facts.Suite = reader.UInt16();
        bool compresses = reader.UInt8() != 0;
        bool good = Extensions(reader, facts, isRetry, out serverKey, out HashSet<ushort> seen);
        good &= facts.Version == TlsNumbers.Tls13 ? seen.IsSubsetOf(s_ofHello13) : !seen.Contains(TlsNumbers.SupportedVersions) && !seen.Contains(TlsNumbers.KeyShare);
        facts.NamesSession = facts.Version != TlsNumbers.Tls13 && sessionIdBytes > 0;
        return good && !compresses && sessionIdBytes <= 32 && facts.Version is >= TlsNumbers.Tls10 and <= TlsNumbers.Tls13 && (!isRetry || facts.Version == TlsNumbers.Tls13);
    }

    /// <summary>EncryptedExtensions (RFC 8446 §4.3.1).</summary>
    public static bool Extensions(WireReader reader, ServerFacts facts)
    {
        ushort version = facts.Version, group = facts.Group;
        bool good = Extensions(reader, facts, isRetry: false, out _, out HashSet<ushort> seen) && !seen.Overlaps(s_notEncrypted);
        (facts.Version, facts.Group) = (version, group); // the hello has the last word
        return good;
    }

    /// <summary>RFC 5246 §7.4.2.</summary>
    public static bool Certificate12(ReadOnlySpan<byte> body, ServerFacts facts)
    {
        var reader = new WireReader(body);
        var list = new WireReader(reader.Vector24());
        while (!list.IsEmpty && facts.Chain.Count < MaxCertificates)
        {
            facts.Chain.Add(list.Vector24().ToArray());
        }

        return list.EndedExactly && reader.EndedExactly && facts.Chain.Count > 0 && facts.Chain.TrueForAll(certificate => certificate.Length > 0);
    }

    /// <summary>RFC 8446 §4.4.2.</summary>
    public static bool Certificate13(ReadOnlySpan<byte> body, ServerFacts facts)
    {
        var reader = new WireReader(body);
        bool hasContext = !reader.Vector8().IsEmpty;
        var list = new WireReader(reader.Vector24());
        bool good = !hasContext;
        while (!list.IsEmpty && good && facts.Chain.Count < MaxCertificates)
        {
            facts.Chain.Add(list.Vector24().ToArray());
            var extensions = new WireReader(list.Vector16());
            while (!extensions.IsEmpty)
            {
                ushort type = extensions.UInt16();
                ReadOnlySpan<byte> content = extensions.Vector16();
                good &= type != TlsNumbers.StatusRequest || facts.Chain.Count > 1 || CertificateStatus(content, facts);
            }

            good &= extensions.EndedExactly && facts.Chain[^1].Length > 0;
        }

        return good && list.EndedExactly && reader.EndedExactly && facts.Chain.Count > 0;
    }

    /// <summary>RFC 6066 §8.</summary>
    public static bool CertificateStatus(ReadOnlySpan<byte> body, ServerFacts facts)
    {
        var reader = new WireReader(body);
        bool isOcsp = reader.UInt8() == Ocsp;
        facts.StapleBytes = reader.Vector24().Length;
        return isOcsp && reader.EndedExactly && facts.StapleBytes > 0;
    }

    /// <summary>RFC 8422 §5.4. What else a server may send with a suite of the old ones is not read.</summary>
    public static bool ServerKeyExchange(ReadOnlySpan<byte> body, ServerFacts facts)
    {
        if (!IsEcdhe(facts.Suite))
        {
            return true;
        }

        var reader = new WireReader(body);
        bool isNamed = reader.UInt8() == NamedCurve;
        facts.Group = reader.UInt16();
        bool hasKey = !reader.Vector8().IsEmpty;
        if (facts.Version == TlsNumbers.Tls12)
        {
            facts.SignatureScheme = reader.UInt16();
        }

        reader.Vector16();
        return isNamed && hasKey && reader.EndedExactly;
    }

    /// <summary>RFC 5246 §7.4.4; before that version it names no algorithms.</summary>
    public static bool CertificateRequest12(ReadOnlySpan<byte> body, ServerFacts facts)
    {
        var reader = new WireReader(body);
        reader.Vector8();
        var schemes = new WireReader(facts.Version == TlsNumbers.Tls12 ? reader.Vector16() : default);
        ReadOnlySpan<byte> authorities = reader.Vector16();
        return Read(schemes, new WireReader(authorities), facts) && reader.EndedExactly;
    }

    /// <summary>RFC 8446 §4.3.2, §4.2.3, §4.2.4.</summary>
    public static bool CertificateRequest13(ReadOnlySpan<byte> body, ServerFacts facts)
    {
        var reader = new WireReader(body);
        bool hasContext = !reader.Vector8().IsEmpty;
        var extensions = new WireReader(reader.Vector16());
        WireReader schemes = default, authorities = default;
        bool good = !hasContext;
        while (!extensions.IsEmpty)
        {
            ushort type = extensions.UInt16();
            var content = new WireReader(extensions.Vector16());
            switch (type)
            {
                case TlsNumbers.SignatureAlgorithms:
                    schemes = new WireReader(content.Vector16());
                    good &= content.EndedExactly;
                    break;
                case TlsNumbers.CertificateAuthorities:
                    authorities = new WireReader(content.Vector16());
                    good &= content.EndedExactly;
                    break;
                default:
                    break;
            }
        }

        return good && extensions.EndedExactly && reader.EndedExactly && Read(schemes, authorities, facts);
    }

    /// <summary>Whether keys are agreed on in a group that ServerKeyExchange names.</summary>
    public static bool IsEcdhe(ushort suite) => suite is >= 0xC000 and <= 0xCCFF;

    private static bool Read(WireReader schemes, WireReader authorities, ServerFacts facts)
    {
        var numbers = new List<ushort>();
        var names = new List<byte[]>();
        while (!schemes.IsEmpty)
        {
            numbers.Add(schemes.UInt16());
        }

        while (!authorities.IsEmpty)
        {
            names.Add(authorities.Vector16().ToArray());
        }

        facts.ClientRequest = new ClientRequest(numbers, names);
        return schemes.EndedExactly && authorities.EndedExactly;
    }

    private static bool Extensions(WireReader reader, ServerFacts facts, bool isRetry, out byte[] serverKey, out HashSet<ushort> seen)
    {
        serverKey = [];
        bool good = true;
        seen = [];
        var extensions = new WireReader(reader.IsEmpty ? default : reader.Vector16());
        while (!extensions.IsEmpty)
        {
            ushort type = extensions.UInt16();
            var content = new WireReader(extensions.Vector16());
            good &= seen.Add(type) && One(type, ref content, facts, isRetry, ref serverKey);
        }

        return good && extensions.EndedExactly && reader.EndedExactly;
    }

    private static bool One(ushort type, ref WireReader content, ServerFacts facts, bool isRetry, ref byte[] serverKey)
    {
        switch (type)
        {
            case TlsNumbers.MaxFragmentLength:
                facts.MaxFragmentLength = content.UInt8();
                return content.EndedExactly && facts.MaxFragmentLength is >= 1 and <= 4;
            case TlsNumbers.RecordSizeLimit:
                facts.RecordSizeLimit = content.UInt16();
                return content.EndedExactly && facts.RecordSizeLimit >= 64;
            case TlsNumbers.ExtendedMasterSecret:
                facts.ExtendedMasterSecret = true;
                return content.IsEmpty;
            case TlsNumbers.SessionTicket:
                facts.AnnouncesTicket = true;
                return content.IsEmpty;
            case TlsNumbers.SupportedVersions:
                facts.Version = content.UInt16();
                return content.EndedExactly;
            case TlsNumbers.KeyShare:
                facts.Group = content.UInt16();
                serverKey = isRetry ? [] : content.Vector16().ToArray();
                return content.EndedExactly;
            case TlsNumbers.Alpn:
                var list = new WireReader(content.Vector16());
                facts.Alpn = PrintableText.Of(Encoding.UTF8.GetString(list.Vector8()));
                return list.EndedExactly && content.EndedExactly && facts.Alpn.Length > 0;
            default:
                return true;
        }
    }
}
