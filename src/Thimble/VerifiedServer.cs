using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>A server whose chain, name and possession of its key were verified, for code that has a last word to say.</summary>
/// <param name="Name">The name that was asked for, which its certificate carries.</param>
/// <param name="Chain">
/// The verified way: the server's own certificate, then each one's issuer, up to the one that a trust anchor issued or whose key is pinned. What the
/// server sent beyond that is not here. They are disposed of after the call.
/// </param>
/// <param name="Version">The version of TLS.</param>
/// <param name="Status">What a stapled response said of the server's certificate.</param>
public sealed record VerifiedServer(string Name, IReadOnlyList<X509Certificate2> Chain, TlsVersions Version, CertificateStatus Status);
