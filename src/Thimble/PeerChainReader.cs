using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>Reads the certificates that the engine copied to <see cref="Tls.TlsConfig.PeerChain"/>.</summary>
internal static class PeerChainReader
{
    private const int CountBytes = 4;
    private const int LengthBytes = 3;

    /// <summary>Describes each certificate that is there whole, the server's own first.</summary>
    public static IReadOnlyList<PeerCertificate> Read(ReadOnlySpan<byte> copy)
    {
        var chain = new List<PeerCertificate>();
        ReadOnlySpan<byte> rest = copy.Slice(CountBytes, (int)BinaryPrimitives.ReadUInt32LittleEndian(copy));
        while (rest.Length >= LengthBytes)
        {
            int length = (rest[0] << 16) | (rest[1] << 8) | rest[2];
            if (length > rest.Length - LengthBytes)
            {
                break;
            }

            chain.Add(Describe(rest.Slice(LengthBytes, length)));
            rest = rest[(LengthBytes + length)..];
        }

        return chain;
    }

    private static PeerCertificate Describe(ReadOnlySpan<byte> der)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            return new PeerCertificate(PrintableText.Of(certificate.Subject), der.Length, KeyDescription.Describe(certificate));
        }
        catch (CryptographicException)
        {
            return new PeerCertificate("(not readable)", der.Length, "unknown");
        }
    }
}
