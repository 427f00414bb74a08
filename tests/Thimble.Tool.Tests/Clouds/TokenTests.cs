using System;
using System.Buffers.Text;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli;
using Thimble.Cli.Clouds;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Clouds;

/// <summary>Tokens against what others compute and verify.</summary>
public sealed class TokenTests : IDisposable
{
    private const string Resource = "contoso.azure-devices.net/devices/MyDevice01";
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string KeyInHexadecimal = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-tokens-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(Resource, null, 1_456_481_802)]
    [InlineData("0ne00A0A0A0/registrations/my-registration", "registration", 1_792_627_200)]
    [InlineData("myHub.azure-devices.net/devices/a:b@c=d$e", null, 1)]
    public void A_shared_access_signature_is_what_openssl_computes(string resource, string? policy, long expiry)
    {
        using var maker = new SasToken(resource, policy, Convert.FromBase64String(Key));
        string token = Encoding.ASCII.GetString(maker.Make(expiry));

        string encoded = Uri.EscapeDataString(resource);
        string signed = WriteFile("signed", Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{encoded}\n{expiry}")));
        string digest = PeerProcess.Run("openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", "hexkey:" + KeyInHexadecimal, signed).Trim()[^64..];
        string signature = Uri.EscapeDataString(Convert.ToBase64String(Convert.FromHexString(digest)));
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"SharedAccessSignature sr={encoded}&sig={signature}&se={expiry}{(policy is null ? "" : "&skn=" + policy)}"), token);
    }

    [Fact]
    public void The_resource_is_encoded_as_the_documentation_shows_it()
    {
        using var maker = new SasToken(Resource, null, Convert.FromBase64String(Key));
        Assert.StartsWith("SharedAccessSignature sr=contoso.azure-devices.net%2Fdevices%2FMyDevice01&sig=", Encoding.ASCII.GetString(maker.Make(1)), StringComparison.Ordinal);
    }

    /// <summary>Signatures have '+', '/' and '=' at random, which a URL takes encoded only.</summary>
    [Fact]
    public void Every_signature_survives_its_encoding() => Prop.ForAll<NonEmptyArray<byte>, NonNegativeInt>((key, expiry) =>
    {
        using var maker = new SasToken(Resource, null, [.. key.Get]);
        string[] fields = Encoding.ASCII.GetString(maker.Make(expiry.Get))["SharedAccessSignature ".Length..].Split('&');
        byte[] signature = Convert.FromBase64String(Uri.UnescapeDataString(fields[1]["sig=".Length..]));
        byte[] signed = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{fields[0]["sr=".Length..]}\n{expiry.Get}"));
        return fields.Length == 3 && fields[2] == string.Create(CultureInfo.InvariantCulture, $"se={expiry.Get}") && HMACSHA256.HashData(key.Get, signed).AsSpan().SequenceEqual(signature);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_key_is_wiped_at_the_end()
    {
        byte[] key = Convert.FromBase64String(Key);
        new SasToken(Resource, null, key).Dispose();
        Assert.Equal(new byte[32], key);
    }

    [Fact]
    public void An_ES256_token_is_one_that_the_platform_verifies()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var maker = new JsonWebToken(ECDsa.Create(key.ExportParameters(true)), "my-project");
        for (int i = 0; i < 20; i++)
        {
            // Of so many signatures some begin with a zero byte, which DER would leave out.
            (string signed, byte[] signature) = Parse(maker.Make(DateTimeOffset.UnixEpoch.AddSeconds(1000 + i), TimeSpan.FromHours(1)), "ES256", 1000 + i);
            Assert.Equal(64, signature.Length);
            Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(signed), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
    }

    [Fact]
    public void An_RS256_token_is_one_that_openssl_verifies()
    {
        using RSA key = RSA.Create(2048);
        string publicKey = WriteFile("public.pem", Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()));
        using var maker = new JsonWebToken(RSA.Create(key.ExportParameters(true)), "my-project");
        (string signed, byte[] signature) = Parse(maker.Make(DateTimeOffset.UnixEpoch.AddSeconds(1000), TimeSpan.FromHours(1)), "RS256", 1000);
        string said = PeerProcess.Run("openssl", "dgst", "-sha256", "-verify", publicKey, "-signature", WriteFile("signature", signature), WriteFile("signed", Encoding.ASCII.GetBytes(signed)));
        Assert.Contains("Verified OK", said, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_can_sign_neither_is_refused()
    {
        string said = Assert.Throws<UsageException>(() => new JsonWebToken(ECDsa.Create(ECCurve.NamedCurves.nistP384), "p")).Message;
        Assert.Equal("Tokens are signed by RS256 or ES256, which take an RSA key or an EC key on P-256, and --jwt-key holds an EC key of 384 bits.", said);
    }

    [Fact]
    public async Task Each_connection_gets_a_token_of_its_own_and_renews_it_in_time()
    {
        var clock = new Clock();
        using var tokens = new CloudTokens(new SasToken(Resource, null, Convert.FromBase64String(Key)), TimeSpan.FromHours(1), clock);
        MqttPassword first = await tokens.NextAsync(CancellationToken.None);
        clock.Now += TimeSpan.FromMinutes(48);
        MqttPassword second = await tokens.NextAsync(CancellationToken.None);
        Assert.Equal(TimeSpan.FromMinutes(48), first.RenewAfter);
        Assert.EndsWith("&se=4600", Encoding.ASCII.GetString(first.Bytes.Span), StringComparison.Ordinal);
        Assert.EndsWith("&se=7480", Encoding.ASCII.GetString(second.Bytes.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Key)]
    [InlineData(Key + "\n")]
    [InlineData("  " + Key + " \r\nsecond line\n")]
    public void A_shared_access_key_is_the_first_line_of_a_file(string content) =>
        Assert.Equal(Convert.FromHexString(KeyInHexadecimal), SharedAccessKey.OfFile(WriteFile("key", Encoding.ASCII.GetBytes(content)), "--sas-key"));

    [Fact]
    public async Task A_shared_access_key_may_come_through_a_pipe()
    {
        string pipe = Path.Combine(_folder.FullName, "pipe");
        _ = PeerProcess.Run("mkfifo", pipe);
        Task<byte[]> read = Task.Run(() => SharedAccessKey.OfFile(pipe, "--sas-key"));
        await File.WriteAllTextAsync(pipe, Key + "\n");
        Assert.Equal(Convert.FromHexString(KeyInHexadecimal), await read.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n" + Key)]
    [InlineData("not base64, but secret!")]
    [InlineData("HostName=contoso.azure-devices.net;DeviceId=d;SharedAccessKey=" + Key)]
    [InlineData("AAE")]
    public void What_is_no_key_is_refused_and_never_shown(string content)
    {
        string path = WriteFile("key", Encoding.ASCII.GetBytes(content));
        string said = Assert.Throws<UsageException>(() => SharedAccessKey.OfFile(path, "--sas-key")).Message;
        Assert.Equal($"The file '{path}' (--sas-key) does not begin with a shared access key: that is base64 of one line, as the portal shows it.", said);
    }

    /// <summary>Somebody may give the key itself, whose slashes look like folders.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("AAECAwQFBgcICQoL/DA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    public void A_file_that_is_not_there_is_told_without_its_name(string name) => Assert.Equal(
        "--sas-key takes the name of a file, and there is none of the name that was given.",
        Assert.Throws<UsageException>(() => SharedAccessKey.OfFile(Path.Combine(_folder.FullName, name), "--sas-key")).Message);

    private static (string Signed, byte[] Signature) Parse(byte[] token, string algorithm, long issued)
    {
        string text = Encoding.ASCII.GetString(token);
        string[] parts = text.Split('.');
        Assert.Equal(3, parts.Length);
        Assert.DoesNotContain(text, character => character is '=' or '+' or '/');
        Assert.Equal($$"""{"alg":"{{algorithm}}","typ":"JWT"}""", Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])));
        JsonElement claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal((issued, issued + 3600, "my-project"), (claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64(), claims.GetProperty("aud").GetString()));
        return (parts[0] + "." + parts[1], Base64Url.DecodeFromChars(parts[2]));
    }

    private string WriteFile(string name, byte[] content)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch.AddSeconds(1000);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
