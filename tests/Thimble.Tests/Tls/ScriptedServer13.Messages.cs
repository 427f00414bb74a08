using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Tests.X509;

namespace Thimble.Tests.Tls;

/// <summary>The messages of the server, and the signatures of both sides.</summary>
internal sealed partial class ScriptedServer13
{
    /// <summary>SHA-256 of "HelloRetryRequest".</summary>
    public static readonly byte[] RetryRandom = SHA256.HashData("HelloRetryRequest"u8);

    private byte[] RetryBody()
    {
        var extensions = new List<(int Type, byte[] Data)> { (43, [3, 4]) };
        if (ClientGroup != Group && !UsesKeyAlone)
        {
            extensions.Add((51, Wire.U16(Group)));
        }

        if (Cookie is not null)
        {
            extensions.Add((44, Wire.Vector16(Cookie)));
        }

        RetryExtensions?.Invoke(extensions);
        return HelloBody(RetryRandom, RetrySuite ?? Suite, extensions);
    }

    private byte[] ServerHelloBody()
    {
        var extensions = new List<(int Type, byte[] Data)> { (43, [3, 4]) };
        if (!UsesKeyAlone)
        {
            extensions.Add((51, [.. Wire.U16(GroupOnTheWire ?? Group), .. Wire.Vector16(Share(_ephemeral!.PublicKey))]));
        }

        if (_key is not null)
        {
            extensions.Add((41, Wire.U16(SelectedIdentity)));
        }

        HelloExtensions?.Invoke(extensions);
        return HelloBody(Random ?? Enumerable.Range(7, 32).Select(static i => (byte)i).ToArray(), SuiteOnTheWire ?? Suite, extensions);
    }

    private byte[] HelloBody(byte[] random, ushort suite, List<(int Type, byte[] Data)> extensions) =>
        [.. Wire.U16(Version), .. random, .. Wire.Vector8(SessionId(_sessionId)), .. Wire.U16(suite), 0, .. List(extensions)];

    private static byte[] List(List<(int Type, byte[] Data)> extensions) =>
        Wire.Vector16(Wire.Join(extensions.Select(static e => (byte[])[.. Wire.U16(e.Type), .. Wire.Vector16(e.Data)])));

    private List<byte[]> MakeFlight()
    {
        var flight = new List<byte[]> { Send(Wire.Message(8, EncryptedExtensionsBody())) };
        if (_key is not null)
        {
            flight.Add(Send(Wire.Message(Wire.Finished, VerifyData(FinishedData(_writer!.Secret)))));
            return flight;
        }

        if (AsksForCertificate)
        {
            var extensions = new List<(int Type, byte[] Data)> { (13, Wire.Vector16(Wire.Join(RequestedSchemes.Select(Wire.U16)))) };
            RequestExtensions?.Invoke(extensions);
            flight.Add(Send(Wire.Message(Wire.CertificateRequest, [0, .. List(extensions)])));
        }

        byte[] entries = Wire.Join((Chain ?? Identity.Chain).Select((der, at) => (byte[])[.. Wire.Vector24(der), .. Wire.Vector16(at == 0 ? [.. EntryExtensions, .. LeafExtensions] : EntryExtensions)]));
        flight.Add(Send(Wire.Message(Wire.Certificate, [.. Wire.Vector8(Context), .. Wire.Vector24(entries)])));
        flight.Add(Send(Wire.Message(Wire.CertificateVerify, CertificateVerifyBody())));
        flight.Add(Send(Wire.Message(Wire.Finished, VerifyData(FinishedData(_writer!.Secret)))));
        return flight;
    }

    /// <summary>NewSessionTicket (RFC 8446 §4.6.1).</summary>
    public static byte[] Ticket(byte[] ticket, uint lifetime = 7200, uint ageAdd = 0x01020304, byte[]? nonce = null, byte[]? extensions = null) => Wire.Message(
        4, [.. Wire.U16((int)(lifetime >> 16)), .. Wire.U16((ushort)lifetime), .. Wire.U16((int)(ageAdd >> 16)), .. Wire.U16((ushort)ageAdd), .. Wire.Vector8(nonce ?? [0]), .. Wire.Vector16(ticket), .. Wire.Vector16(extensions ?? [])]);

    /// <summary>The key that a ticket with that nonce stands for.</summary>
    public byte[] KeyOfTicket(byte[]? nonce = null) => ScriptedKeys13.ExpandLabel(Suite, _resumptionSecret, "resumption", nonce ?? [0], _resumptionSecret.Length);

    private byte[] EncryptedExtensionsBody()
    {
        var extensions = new List<(int Type, byte[] Data)>();
        if (Alpn is not null)
        {
            extensions.Add((16, Wire.Vector16(Wire.Vector8(Encoding.ASCII.GetBytes(Alpn)))));
        }

        EncryptedExtensions?.Invoke(extensions);
        return List(extensions);
    }

    private byte[] CertificateVerifyBody()
    {
        int scheme = Scheme ?? Identity.Scheme;
        byte[] signature = Signature(Sign(Identity.Key, scheme, SignedBytes(Signed("TLS 1.3, server CertificateVerify", TranscriptHash()))));
        return [.. Wire.U16(SchemeOnTheWire ?? scheme), .. Wire.Vector16(signature)];
    }

    private static byte[] Signed(string context, byte[] transcript) =>
        [.. Enumerable.Repeat((byte)0x20, 64), .. Encoding.ASCII.GetBytes(context), 0, .. transcript];

    private byte[] FinishedData(byte[] secret)
    {
        byte[] key = ScriptedKeys13.ExpandLabel(Suite, secret, "finished", [], secret.Length);
        return CryptographicOperations.HmacData(ScriptedKeys13.HashOf(Suite), key, TranscriptHash());
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
        if (signature.Length != (body[2] << 8) + body[3] || (scheme & 0xFF) == 1)
        {
            return false;
        }

        if (scheme == 0x0807)
        {
            return TestEd25519.Verifies(parsed, bytes, signature);
        }

        using RSA? rsa = parsed.GetRSAPublicKey();
        using ECDsa? ecdsa = parsed.GetECDsaPublicKey();
        return rsa?.VerifyData(bytes, signature, HashOf(scheme), RSASignaturePadding.Pss)
            ?? (ecdsa!.KeySize == (scheme == 0x0503 ? 384 : 256) && ecdsa.VerifyData(bytes, signature, HashOf(scheme), DSASignatureFormat.Rfc3279DerSequence));
    }
}
