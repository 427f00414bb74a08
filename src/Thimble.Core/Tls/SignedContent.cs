using System;
using Thimble.Crypto;

namespace Thimble.Tls;

/// <summary>What CertificateVerify signs in TLS 1.3 (RFC 8446 §4.4.3): 64 spaces, a context string with a zero behind it, the transcript's hash.</summary>
internal static class SignedContent
{
    private static ReadOnlySpan<byte> Spaces => "                                                                "u8;

    /// <summary>The digest that goes into the signature; <paramref name="state"/> holds a running hash.</summary>
    public static void Digest(HashAlgorithm hash, ReadOnlySpan<byte> context, ReadOnlySpan<byte> transcript, Span<byte> digest, Span<byte> state)
    {
        Hash.Initialize(hash, state);
        Hash.Update(hash, state, Spaces);
        Hash.Update(hash, state, context);
        Hash.Update(hash, state, transcript);
        Hash.Finish(hash, state, digest);
    }
}
