using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>Credentials from an image that was baked beforehand.</summary>
public sealed class BakedCredentialsTests
{
    private static readonly TestIdentity s_client = TestIdentity.Ec("Client");
    private static readonly TestIdentity s_rsa = TestIdentity.Make("RSA client", RSA.Create(2048));

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_connection_with_an_image_is_that_of_what_was_baked(SslProtocols version)
    {
        string? shown = null;
        await using var server = new PlatformEcho(version, async stream =>
        {
            shown = stream.RemoteCertificate?.Subject;
            await stream.WriteAsync("hello"u8.ToArray());
        }, asksForCertificate: true);
        using var credentials = Credentials.FromImage(Image(server, s_client));
        using var socket = new TcpClient("127.0.0.1", server.Port);
        TlsConnectionOptions options = server.Options with { Credentials = credentials, Profile = credentials.Fit(server.Options.Profile) };
        await using ThimbleStream stream = await ThimbleStream.AuthenticateAsync(socket.GetStream(), options);
        byte[] bytes = new byte[5];
        await stream.ReadExactlyAsync(bytes);
        Assert.Equal("hello"u8.ToArray(), bytes);
        Assert.Equal("CN=Client", shown);
    }

    [Fact]
    public async Task An_image_says_who_it_trusts_and_who_it_is()
    {
        await using var server = new PlatformEcho(SslProtocols.None);
        byte[] image = Image(server, s_client);
        using var credentials = Credentials.FromImage(image);
        Assert.Equal(server.Options.Credentials.AnchorNames, credentials.AnchorNames);
        Assert.Equal(["CN=Client"], credentials.ClientChain.Select(certificate => certificate.Subject));
        Assert.Equal((256, 0, false), Limits(credentials));
        using var rsa = Credentials.FromImage(Image(server, s_rsa));
        Assert.Equal((0, 2048, false), Limits(rsa));
        Assert.Equal(image, credentials.BuildRomImage(DateTimeOffset.UtcNow));
        CryptographicOperations.ZeroMemory(image);
        Assert.Equal((256, 0, false), Limits(credentials)); // a copy was taken

        static (int, int, bool) Limits(Credentials credentials)
        {
            Profile profile = credentials.Fit(Profiles.General.Profile);
            return (profile.ClientEcdsaBits, profile.ClientRsaBits, profile.ClientEd25519);
        }
    }

    [Fact]
    public void Pins_of_an_image_are_told()
    {
        using var builder = new RomImageBuilder();
        var pin = KeyPin.Of(s_client.Certificate);
        builder.AddPin(pin);
        using var credentials = Credentials.FromImage(builder.Build(DateTimeOffset.UtcNow));
        Assert.Equal([pin], credentials.Trust.Pins);
        Assert.Empty(credentials.AnchorNames);
        Assert.Empty(credentials.ClientChain);
    }

    [Fact]
    public async Task What_is_no_image_is_refused_in_a_sentence()
    {
        await using var server = new PlatformEcho(SslProtocols.None);
        byte[] image = Image(server, s_client);
        for (int length = 0; length < image.Length; length += 7)
        {
            Assert.Equal(CredentialProblem.ImageUnusable, Refusal(image[..length]).Problem);
        }

        for (int at = 0; at < image.Length; at++)
        {
            byte[] flipped = [.. image];
            flipped[at] ^= 1;
            Assert.Equal(CredentialProblem.ImageUnusable, Refusal(flipped).Problem);
        }

        Assert.Contains("thimble bake", Refusal([]).Message, StringComparison.Ordinal);

        static CredentialException Refusal(byte[] image) => Assert.Throws<CredentialException>(() => Credentials.FromImage(image));
    }

    /// <summary>Such an image has a right digest: whoever can write it could write any, and is told all the same.</summary>
    [Fact]
    public async Task A_chain_whose_lengths_do_not_add_up_is_refused_and_one_that_is_no_certificate_told_when_it_is_asked_for()
    {
        await using var server = new PlatformEcho(SslProtocols.None);
        byte[] image = Image(server, s_client);
        int chain = BitConverter.ToInt32(image, 16);
        byte[] longer = [.. image];
        longer[chain + 5]++;
        Assert.Contains("client chain", Assert.Throws<CredentialException>(() => Credentials.FromImage(Signed(longer))).Message, StringComparison.Ordinal);
        byte[] no = [.. image];
        no[chain + 6] = 0;
        using var credentials = Credentials.FromImage(Signed(no));
        Assert.Contains("is no certificate", Assert.Throws<CredentialException>(() => credentials.ClientChain).Message, StringComparison.Ordinal);

        static byte[] Signed(byte[] image)
        {
            image.AsSpan(40, 32).Clear();
            SHA256.HashData(image).CopyTo(image, 40);
            return image;
        }
    }

    [Fact]
    public async Task A_key_elsewhere_needs_its_signer_and_a_key_that_is_there_none()
    {
        await using var server = new PlatformEcho(SslProtocols.None);
        using var elsewhere = new RomImageBuilder();
        elsewhere.AddTrustAnchor(server.Options.Credentials.Anchors[0]);
        elsewhere.SetClientCertificate([s_client.Certificate.RawData]);
        byte[] image = elsewhere.Build(DateTimeOffset.UtcNow);
        Assert.Equal(CredentialProblem.HalfMissing, Assert.Throws<CredentialException>(() => Credentials.FromImage(image)).Problem);
        var signer = ClientSigner.Of((ECDsa)s_client.Key);
        Assert.Equal(CredentialProblem.HalfMissing, Assert.Throws<CredentialException>(() => Credentials.FromImage(Image(server, s_client), signer)).Problem);
        using var credentials = Credentials.FromImage(image, signer);
        Assert.True(credentials.Fit(Profiles.General.Profile).ClientKeyElsewhere);
        Assert.Same(signer, credentials.ClientSigner);
    }

    private static byte[] Image(PlatformEcho server, TestIdentity client)
    {
        using var builder = new RomImageBuilder();
        builder.AddTrustAnchor(server.Options.Credentials.Anchors[0]);
        builder.SetClientCertificate([client.Certificate.RawData], client.Key);
        return builder.Build(DateTimeOffset.UtcNow);
    }
}
