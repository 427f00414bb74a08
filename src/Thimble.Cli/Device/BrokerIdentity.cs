using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Thimble.Cli.Demo;

namespace Thimble.Cli.Device;

/// <summary>Who a broker is, and whom it lets in, in PEM.</summary>
/// <param name="Chain">Its own certificate first, then those above it.</param>
/// <param name="Key">The private key of the first.</param>
/// <param name="ClientAuthority">The authority that its clients' certificates come from.</param>
internal sealed record BrokerIdentity(string Chain, string Key, string ClientAuthority)
{
    /// <summary>The broker of a demonstration.</summary>
    public static BrokerIdentity Of(DemoPki pki) => new(
        string.Join('\n', pki.ServerChain.Select(certificate => certificate.ExportCertificatePem())),
        pki.ServerKey.ExportPkcs8PrivateKeyPem(),
        pki.DeviceAuthority.ExportCertificatePem());
}
