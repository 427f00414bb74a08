using System;
using Thimble.Memory;

namespace Thimble.Cli.Probe;

/// <summary>What was asked for on the command line.</summary>
internal sealed record ProbeRequest(
    HostAndPort Server, string ServerName, string? CaFile, string? CertificateFile, string? KeyFile, string Alpn, Speech Speech, TimeSpan Timeout, int WindowBytes, int MaxMqttTopicBytes, string? SaveFile, bool Json)
{
    /// <summary>The protocols that most brokers and web servers know.</summary>
    public static string[] UsualProtocols => ["mqtt", "x-amzn-mqtt-ca", "http/1.1", "h2"];

    /// <summary>The client's certificate and key, or null. The caller owns it.</summary>
    /// <exception cref="CredentialException">They cannot be used.</exception>
    public ClientIdentity? Identity() => CertificateFile is null ? null : ClientIdentity.FromFiles(CertificateFile, KeyFile!);

    /// <summary>What the profile must allow for besides what the server needs. Where the server asks for a certificate and none was given, an EC key on P-256 is planned, the smallest.</summary>
    public Wishes Wishes(bool asksForCertificate)
    {
        using ClientIdentity? identity = Identity();
        using Credentials? credentials = identity is null ? null : Credentials.From(Trust.OfPins("sha256/" + Convert.ToBase64String(new byte[32])), identity);
        Profile client = credentials?.Fit(default) ?? default(Profile) with { ClientEcdsaBits = asksForCertificate ? 256 : 0 };
        return new Wishes(WindowBytes, MaxMqttTopicBytes, ServerName.Length, Alpn.Length, client.ClientRsaBits, client.ClientEcdsaBits, client.ClientEd25519);
    }
}
