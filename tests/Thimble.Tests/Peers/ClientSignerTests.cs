using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Tests.X509;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Keys that .NET lets one use and not copy, against the platform's own TLS.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class ClientSignerTests(PeerPki pki)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("p256", SslProtocols.Tls12)]
    [InlineData("p256", SslProtocols.Tls13)]
    [InlineData("p384", SslProtocols.Tls12)]
    [InlineData("p384", SslProtocols.Tls13)]
    [InlineData("rsa", SslProtocols.Tls12)]
    [InlineData("rsa", SslProtocols.Tls13)]
    public async Task A_key_that_refuses_to_be_copied_signs_where_it_is(string client, SslProtocols version)
    {
        AsymmetricAlgorithm key = pki.Client(client)!.Leaf.Key;
        using Credentials credentials = Of(client, key is RSA rsa ? ClientSigner.Of(new TokenRsa(rsa)) : ClientSigner.Of(new TokenEcdsa((ECDsa)key)));
        Assert.Null(await Talk(credentials, client, version));
    }

    [Fact]
    public async Task A_key_that_does_not_even_tell_its_public_part_serves()
    {
        using Credentials credentials = Of("rsa", ClientSigner.Of(new TokenRsa((RSA)pki.Client("rsa")!.Leaf.Key) { IsSilent = true }));
        Assert.Null(await Talk(credentials, "rsa", SslProtocols.Tls13));
    }

    [Theory]
    [InlineData("p256", SslProtocols.Tls12)]
    [InlineData("rsa", SslProtocols.Tls13)]
    public async Task The_key_of_a_certificate_in_a_store_serves(string client, SslProtocols version)
    {
        TestCertificate leaf = pki.Client(client)!.Leaf;
        using X509Certificate2 stored = leaf.Key is RSA rsa ? leaf.Certificate.CopyWithPrivateKey(rsa) : leaf.Certificate.CopyWithPrivateKey((ECDsa)leaf.Key);
        using Credentials credentials = Of(client, ClientSigner.Of(stored));
        Assert.Null(await Talk(credentials, client, version));
    }

    [Theory]
    [InlineData("p256", SslProtocols.Tls12)]
    [InlineData("ed25519", SslProtocols.Tls13)]
    public async Task A_service_may_take_its_time(string client, SslProtocols version)
    {
        AsymmetricAlgorithm key = pki.Client(client)!.Leaf.Key;
        using Credentials credentials = Of(client, new ClientSigner(async (request, _) =>
        {
            await Task.Yield();
            return key is ECDsa ec
                ? ec.SignHash(request.ToBeSigned.Span, DSASignatureFormat.Rfc3279DerSequence)
                : TestEd25519.Sign((Ed25519PrivateKey)key, request.ToBeSigned.ToArray());
        }));
        Assert.Null(await Talk(credentials, client, version));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_signer_throws_is_the_cause_of_the_fault(bool atOnce)
    {
        var locked = new InvalidOperationException("The token is locked.");
        using Credentials credentials = Of("p256", new ClientSigner(async (_, _) =>
        {
            if (!atOnce)
            {
                await Task.Yield();
            }

            throw locked;
        }));
        TlsFaultException failure = Assert.IsType<TlsFaultException>(await Talk(credentials, "p256", SslProtocols.Tls13));
        Assert.Equal(FaultReason.NoSignatureProvided, failure.Fault.Reason);
        Assert.Same(locked, failure.InnerException);
        Assert.Contains("did not sign", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_signer_that_never_answers_ends_with_the_handshake_s_own_time(bool heedsItsToken)
    {
        using Credentials credentials = Of("p256", new ClientSigner(async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, heedsItsToken ? stop : CancellationToken.None);
            return [];
        }));
        TlsFaultException failure = Assert.IsType<TlsFaultException>(await Talk(credentials, "p256", SslProtocols.Tls12, TimeSpan.FromMilliseconds(1500)));
        Assert.Equal(FaultReason.NoSignatureProvided, failure.Fault.Reason);
        Assert.IsType<TimeoutException>(failure.InnerException);
    }

    [Fact]
    public async Task A_signature_of_another_key_is_found_out_before_the_server_sees_it()
    {
        using Credentials credentials = Of("p256", new ClientSigner((request, _) =>
            ValueTask.FromResult(((ECDsa)TestPki.Key("P-256", 3)).SignHash(request.ToBeSigned.Span, DSASignatureFormat.Rfc3279DerSequence))));
        TlsFaultException failure = Assert.IsType<TlsFaultException>(await Talk(credentials, "p256", SslProtocols.Tls13));
        Assert.Equal(FaultReason.ProvidedSignatureInvalid, failure.Fault.Reason);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused_at_once()
    {
        CredentialException e = Assert.Throws<CredentialException>(() => Of("p256", ClientSigner.Of(new TokenEcdsa((ECDsa)TestPki.Key("P-256", 3)))));
        Assert.Equal(CredentialProblem.KeyDoesNotFitCertificate, e.Problem);
        Assert.Contains("the private key (EC P-256) is not that of the certificate 'peer'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_its_key_signs_nothing() => Assert.Equal(
        CredentialProblem.NoPrivateKey, Assert.Throws<CredentialException>(() => ClientSigner.Of(pki.Client("p256")!.Leaf.Certificate)).Problem);

    [Fact]
    public void A_key_that_may_not_be_copied_is_told_of_the_other_way()
    {
        using Credentials credentials = Credentials.From(Anchors, Chain("rsa"), new TokenRsa((RSA)pki.Client("rsa")!.Leaf.Key));
        Assert.Contains("ClientSigner", Assert.Throws<CredentialException>(() => credentials.BuildRomImage(DateTimeOffset.UtcNow)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("p256", 0, 256, false)]
    [InlineData("rsa", 2048, 0, false)]
    [InlineData("ed25519", 0, 0, true)]
    public void The_profile_is_fitted_to_the_certificate_s_key_and_the_image_holds_no_secret(string client, int rsaBits, int ecdsaBits, bool ed25519)
    {
        using Credentials credentials = Of(client, new ClientSigner((_, _) => throw new NotSupportedException()));
        Profile profile = credentials.Fit(Profiles.General.Profile);
        Assert.Equal((rsaBits, ecdsaBits, ed25519, true), (profile.ClientRsaBits, profile.ClientEcdsaBits, profile.ClientEd25519, profile.ClientKeyElsewhere));
        byte[] secret = pki.Client(client)!.Leaf.Key switch
        {
            RSA rsa => [.. rsa.ExportParameters(true).P!.Reverse()],
            ECDsa ec => ec.ExportParameters(true).D!,
            AsymmetricAlgorithm key => ((Ed25519PrivateKey)key).Seed.ToArray(),
        };
        Assert.Equal(-1, credentials.BuildRomImage(DateTimeOffset.UtcNow).AsSpan().IndexOf(secret.AsSpan(0, 8)));
    }

    private X509Certificate2[] Anchors => [Copy(pki.Server("p256").Root.Certificate)];

    private X509Certificate2[] Chain(string client) => [Copy(pki.Client(client)!.Leaf.Certificate)];

    private Credentials Of(string client, ClientSigner signer) => Credentials.From(Anchors, Chain(client), signer);

    /// <summary>Credentials own what they are given, and the tests share it.</summary>
    private static X509Certificate2 Copy(X509Certificate2 certificate) => X509CertificateLoader.LoadCertificate(certificate.RawData);

    /// <summary>Shakes hands and echoes; what failed, or null.</summary>
    private async Task<Exception?> Talk(Credentials credentials, string client, SslProtocols version, TimeSpan? timeout = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Task serving = PlatformServer.Serve(listener, pki.Server("p256"), pki.Client(client)!, version, patience.Token);
        Exception? failure = await Task.Run(() => Record.Exception(() => Echo(credentials, port, version, timeout ?? Patience)), patience.Token);
        Exception? served = await Record.ExceptionAsync(() => serving);
        Assert.Equal(failure is null, served is null);
        return failure;
    }

    private static void Echo(Credentials credentials, int port, SslProtocols version, TimeSpan timeout)
    {
        Profile profile = Profiles.General.Profile.Offering(version == SslProtocols.Tls13 ? TlsVersions.Tls12 | TlsVersions.Tls13 : TlsVersions.Tls12);
        using NetworkStream transport = TcpTransport.Connect("127.0.0.1", port, timeout);
        using var connection = new TlsConnection(
            new TlsConnectionOptions { Credentials = credentials, Profile = credentials.Fit(profile), ServerName = PeerPki.ServerName, Timeout = timeout }, transport);
        connection.Handshake();
        Assert.True(connection.SentClientCertificate);
        connection.Write([1, 2, 3]);
        byte[] echo = new byte[3];
        Assert.Equal(3, connection.Read(echo));
        Assert.Equal<byte>([1, 2, 3], echo);
        connection.Close();
    }

    /// <summary>RSA as a token offers it: it signs digests, tells its public part, and nothing else.</summary>
    private sealed class TokenRsa(RSA key) : RSA
    {
        public bool IsSilent { get; init; }

        public override int KeySize => key.KeySize;

        public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding) => key.SignHash(hash, hashAlgorithm, padding);

        public override RSAParameters ExportParameters(bool includePrivateParameters) =>
            includePrivateParameters || IsSilent ? throw new CryptographicException("The key may not be exported.") : key.ExportParameters(false);

        public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();
    }

    /// <summary>The same for ECDSA.</summary>
    private sealed class TokenEcdsa(ECDsa key) : ECDsa
    {
        public override int KeySize => key.KeySize;

        public override byte[] SignHash(byte[] hash) => key.SignHash(hash);

        public override bool VerifyHash(byte[] hash, byte[] signature) => key.VerifyHash(hash, signature);

        public override ECParameters ExportParameters(bool includePrivateParameters) =>
            includePrivateParameters ? throw new CryptographicException("The key may not be exported.") : key.ExportParameters(false);
    }
}
