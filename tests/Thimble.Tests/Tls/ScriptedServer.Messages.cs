using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Tests.X509;

namespace Thimble.Tests.Tls;

/// <summary>The messages of the first flight, and the signatures of both sides.</summary>
internal sealed partial class ScriptedServer
{
    private List<byte[]> MakeFirstFlight()
    {
        DrawRandom();
        if (IsShared)
        {
            return MakeSharedKeyFlight();
        }

        _ephemeral = new ScriptedGroup(Group, Seed);
        var flight = new List<byte[]> { Send(Wire.Message(Wire.ServerHello, HelloBody())) };
        IEnumerable<byte[]> certificates = (Chain ?? Identity.Chain).Select(static der => Wire.Vector24(der));
        flight.Add(Send(Wire.Message(Wire.Certificate, Wire.Vector24(Wire.Join(certificates)))));
        if (CertificateStatus is not null)
        {
            flight.Add(Send(Wire.Message(Wire.CertificateStatus, CertificateStatus)));
        }

        flight.Add(Send(Wire.Message(Wire.ServerKeyExchange, KeyExchangeBody())));
        if (AsksForCertificate)
        {
            flight.Add(Send(Wire.Message(Wire.CertificateRequest, CertificateRequestBody())));
        }

        flight.Add(Send(Wire.Message(Wire.ServerHelloDone)));
        return flight;
    }

    private byte[] HelloBody()
    {
        var extensions = new List<(int Type, byte[] Data)> { (0xFF01, [0]) };
        if (!IsShared || AgreesUnderSharedKey)
        {
            extensions.Add((11, [1, 0]));
        }

        if (ExtendedMasterSecret)
        {
            extensions.Add((23, []));
        }

        if (Alpn is not null)
        {
            extensions.Add((16, Wire.Vector16(Wire.Vector8(Encoding.ASCII.GetBytes(Alpn)))));
        }

        if (AnnouncesStatus)
        {
            extensions.Add((5, []));
        }

        if (MaxFragmentLength != 0)
        {
            extensions.Add((1, [MaxFragmentLength]));
        }

        if (Ticket is not null)
        {
            extensions.Add((35, []));
        }

        Extensions?.Invoke(extensions);
        byte[] list = Wire.Join(extensions.Select(static e => (byte[])[.. Wire.U16(e.Type), .. Wire.Vector16(e.Data)]));
        return
        [
            .. Wire.U16(Version), .. ServerRandom, .. Wire.Vector8(Resumes is null ? SessionId : OfferedSessionId), .. Wire.U16(SuiteOnTheWire ?? Suite), Compression, .. Wire.Vector16(list),
        ];
    }

    private byte[] KeyExchangeBody()
    {
        byte[] share = Share(_ephemeral!.PublicKey);
        byte[] parameters = [CurveType, .. Wire.U16(GroupOnTheWire ?? Group), .. Wire.Vector8(share)];
        int scheme = Scheme ?? Identity.Scheme;
        byte[] signature = Signature(Sign(Identity.Key, scheme, SignedBytes([.. ClientRandom, .. ServerRandom, .. parameters])));
        return [.. parameters, .. Wire.U16(SchemeOnTheWire ?? scheme), .. Wire.Vector16(signature)];
    }

    private byte[] CertificateRequestBody()
    {
        byte[] authorities = AuthorityBytes == 0 ? [] : Wire.Vector16(new byte[AuthorityBytes - 2]);
        return [.. Wire.Vector8(CertificateTypes), .. Wire.Vector16(Wire.Join(RequestedSchemes.Select(Wire.U16))), .. Wire.Vector16(authorities)];
    }

    private static HashAlgorithmName HashOf(int scheme) => (scheme >> 8 == 8 ? scheme & 0xFF : scheme >> 8) switch
    {
        5 => HashAlgorithmName.SHA384,
        6 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    private static RSASignaturePadding PaddingOf(int scheme) => scheme >> 8 == 8 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;

    private static byte[] Sign(AsymmetricAlgorithm key, int scheme, byte[] bytes) => key switch
    {
        RSA rsa => rsa.SignData(bytes, HashOf(scheme), PaddingOf(scheme)),
        Ed25519PrivateKey ed25519 => TestEd25519.Sign(ed25519, bytes),
        _ => ((ECDsa)key).SignData(bytes, HashOf(scheme), DSASignatureFormat.Rfc3279DerSequence),
    };

    private static bool VerifiesUnder(byte[] certificate, byte[] bytes, byte[] body)
    {
        int scheme = (body[0] << 8) + body[1];
        byte[] signature = body[4..];
        using X509Certificate2 parsed = X509CertificateLoader.LoadCertificate(certificate);
        if (body.Length - 4 != (body[2] << 8) + body[3])
        {
            return false;
        }

        using RSA? rsa = parsed.GetRSAPublicKey();
        using ECDsa? ecdsa = parsed.GetECDsaPublicKey();
        return rsa?.VerifyData(bytes, signature, HashOf(scheme), PaddingOf(scheme))
            ?? ecdsa!.VerifyData(bytes, signature, HashOf(scheme), DSASignatureFormat.Rfc3279DerSequence);
    }
}
