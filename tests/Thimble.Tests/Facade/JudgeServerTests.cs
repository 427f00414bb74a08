using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.Tests.Tls;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>The last word of the user's code about a verified server, and pins, as a user of <see cref="TlsConnection"/> sees them.</summary>
public sealed class JudgeServerTests
{
    private static readonly ScriptedIdentity s_identity = ScriptedIdentity.Of("P-256");

    public static TheoryData<string> Versions => ["1.2", "1.3"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void It_sees_the_verified_chain_and_lets_the_server_pass(string version)
    {
        var seen = new List<(string Name, string Chain, TlsVersions Version)>();
        using var peer = new Peer(version, Trust.Of([Root]), server =>
        {
            seen.Add((server.Name, string.Join(' ', server.Chain.Select(static one => one.Thumbprint)), server.Version));
            return null;
        });
        peer.Connection.Handshake();
        using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(s_identity.Chain[0]);
        Assert.Equal([("broker.example.com", leaf.Thumbprint, version == "1.2" ? TlsVersions.Tls12 : TlsVersions.Tls13)], seen);
        peer.Connection.Write([1]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_it_refuses_is_told_in_its_words_and_the_connection_is_over(string version)
    {
        using var peer = new Peer(version, Trust.Of([Root]), static server => $"{server.Chain.Count} certificate is too few");
        TlsFaultException e = Assert.Throws<TlsFaultException>(peer.Connection.Handshake);
        Assert.Equal((FaultReason.ServerRefused, (byte)AlertDescription.CertificateUnknown), (e.Fault.Reason, e.Fault.Alert));
        Assert.Contains("1 certificate is too few", e.Message, StringComparison.Ordinal);
        Assert.Throws<TlsFaultException>(() => peer.Connection.Write([1]));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void What_it_throws_refuses_too_and_is_the_cause(string version)
    {
        using var peer = new Peer(version, Trust.Of([Root]), static _ => throw new TimeoutException("no database"));
        TlsFaultException e = Assert.Throws<TlsFaultException>(peer.Connection.Handshake);
        Assert.Equal(FaultReason.ServerRefused, e.Fault.Reason);
        Assert.IsType<TimeoutException>(e.InnerException);
        Assert.Contains("no database", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_server_is_known_by_the_pin_of_its_key_alone(string version)
    {
        using var peer = new Peer(version, Trust.OfPins(LeafPin), null);
        peer.Connection.Handshake();
        peer.Connection.Write([1]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Without_a_pinned_key_the_keys_that_came_are_told(string version)
    {
        const string Wanted = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        foreach (Trust trust in new[] { Trust.OfPins(Wanted), Trust.Of([Root]).WithPins(Wanted) })
        {
            using var peer = new Peer(version, trust, static _ => "not reached");
            TlsFaultException e = Assert.Throws<TlsFaultException>(peer.Connection.Handshake);
            Assert.Equal((FaultReason.PinMissing, (byte)AlertDescription.UnknownCa), (e.Fault.Reason, e.Fault.Alert));
            Assert.Contains(Wanted, e.Message, StringComparison.Ordinal);
            Assert.Contains(LeafPin, e.Message, StringComparison.Ordinal);
        }
    }

    private static X509Certificate2 Root => s_identity.Root.Certificate;

    private static string LeafPin
    {
        get
        {
            using X509Certificate2 leaf = X509CertificateLoader.LoadCertificate(s_identity.Chain[0]);
            return KeyPin.Of(leaf).Text;
        }
    }

    private sealed class Peer : IDisposable
    {
        private readonly ScriptedServer? _server12;
        private readonly Credentials _credentials;

        public Peer(string version, Trust trust, Func<VerifiedServer, string?>? judge)
        {
            _server12 = version == "1.2" ? new ScriptedServer { Suite = ScriptedSuite.EcdsaAes128, Identity = s_identity } : null;
            _credentials = Credentials.From(trust);
            Connection = new TlsConnection(
                new TlsConnectionOptions
                {
                    Credentials = _credentials,
                    Profile = _credentials.Fit(_server12 is null ? Streamed13.Windowed : ScriptedClient.Everything with { InWindowBytes = 512 }),
                    ServerName = "broker.example.com",
                    Now = TestPki.Now,
                    JudgeServer = judge,
                },
                new ServerStream((IScriptedServer?)_server12 ?? new ScriptedServer13()));
        }

        public TlsConnection Connection { get; }

        public void Dispose()
        {
            Connection.Dispose();
            _credentials.Dispose();
            _server12?.Dispose();
        }
    }
}
