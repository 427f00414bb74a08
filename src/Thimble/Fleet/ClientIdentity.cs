using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>
/// Who one of many clients is. It is used during the handshake only and stays the caller's, who may dispose of both behind it.
/// </summary>
/// <param name="Chain">The client's own certificate and those above it, in the order in which they are sent.</param>
/// <param name="Key">The private key of the first one: an <see cref="RSA"/>, <see cref="ECDsa"/> or <see cref="Ed25519PrivateKey"/>.</param>
public sealed record ClientIdentity(IReadOnlyList<X509Certificate2> Chain, AsymmetricAlgorithm Key);
