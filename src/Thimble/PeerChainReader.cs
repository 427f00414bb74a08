using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>Reads the certificates that the engine copied to <see cref="Tls.TlsConfig.PeerChain"/>.</summary>
internal static class PeerChainReader
{
    private const int CountBytes = 4, VerifiedOffset = 3;
    private const uint CountMask = 0xFFFFFF;
    private const int LengthBytes = 3;

    /// <summary>Describes each certificate that is there whole, the server's own first.</summary>
    public static IReadOnlyList<PeerCertificate> Read(ReadOnlySpan<byte> copy)
    {
        var chain = new List<PeerCertificate>();
        for (ReadOnlySpan<byte> rest = Content(copy); TryNext(ref rest, out ReadOnlySpan<byte> der);)
        {
            chain.Add(Describe(der));
        }

        return chain;
    }

    /// <summary>Adds the certificates that were verified to <paramref name="chain"/>, the server's own first. False where not all of them are there.</summary>
    /// <exception cref="CryptographicException">The platform cannot read one of them.</exception>
    public static bool TryVerified(ReadOnlySpan<byte> copy, List<X509Certificate2> chain)
    {
        int verified = copy[VerifiedOffset];
        ReadOnlySpan<byte> rest = Content(copy);
        while (chain.Count < verified && TryNext(ref rest, out ReadOnlySpan<byte> der))
        {
            chain.Add(X509CertificateLoader.LoadCertificate(der));
        }

        return verified != 0 && chain.Count == verified;
    }

    private static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> copy) =>
        copy.Slice(CountBytes, (int)(BinaryPrimitives.ReadUInt32LittleEndian(copy) & CountMask));

    private static bool TryNext(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> der)
    {
        int length = rest.Length < LengthBytes ? int.MaxValue : (rest[0] << 16) | (rest[1] << 8) | rest[2];
        bool isWhole = length <= rest.Length - LengthBytes;
        der = isWhole ? rest.Slice(LengthBytes, length) : default;
        rest = rest[(isWhole ? LengthBytes + length : rest.Length)..];
        return isWhole;
    }

    private static PeerCertificate Describe(ReadOnlySpan<byte> der)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            return new PeerCertificate(PrintableText.Of(certificate.Subject), der.Length, KeyDescription.Describe(certificate)) { Pin = KeyPin.Of(certificate).Text };
        }
        catch (CryptographicException)
        {
            return new PeerCertificate("(not readable)", der.Length, "unknown");
        }
    }
}
