using System;
using Thimble.Crypto;

namespace Thimble.Tls;

/// <summary>What CertificateVerify signs in TLS 1.3 (RFC 8446 §4.4.3): 64 spaces, a context string with a zero behind it, the transcript's hash.</summary>
internal static class SignedContent
{
    /// <summary>What comes before the transcript's hash in the server's signature.</summary>
    public static ReadOnlySpan<byte> BeforeServers => "                                                                TLS 1.3, server CertificateVerify\0"u8;

    /// <summary>What comes before the transcript's hash in the client's signature.</summary>
    public static ReadOnlySpan<byte> BeforeClients => "                                                                TLS 1.3, client CertificateVerify\0"u8;

    /// <summary>The digest that goes into the signature; <paramref name="state"/> holds a running hash.</summary>
    public static void Digest(HashAlgorithm hash, ReadOnlySpan<byte> before, ReadOnlySpan<byte> transcript, Span<byte> digest, Span<byte> state)
    {
        Hash.Initialize(hash, state);
        Hash.Update(hash, state, before);
        Hash.Update(hash, state, transcript);
        Hash.Finish(hash, state, digest);
    }
}
