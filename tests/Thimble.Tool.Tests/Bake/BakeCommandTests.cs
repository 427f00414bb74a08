using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Bake;

/// <summary><c>thimble bake</c>: what goes in, what comes out, and what it notices on the way.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BakeCommandTests(BakeFolder folder) : IClassFixture<BakeFolder>
{
    private CliRun Bake(string output, params string[] more) => CliRun.Of(["bake", "--cafile", folder.Root, "-o", folder.Path(output), .. more]);

    private byte[] Baked(string output, params string[] more)
    {
        CliRun run = Bake(output, [.. more, "--time", Now]);
        Assert.True(run.ExitCode == 0, run.Error);
        return File.ReadAllBytes(folder.Path(output));
    }

    /// <summary>One time for all images of a run: they are compared.</summary>
    private static readonly string Now = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void The_image_is_the_one_that_a_connection_would_make_of_the_same_files()
    {
        byte[] image = Baked("same.rom", "--cert", folder.Certificate, "--key", folder.Key);
        using Credentials credentials = Credentials.Load(folder.Root, folder.Certificate, folder.Key);
        Assert.Equal(credentials.BuildRomImage(DateTimeOffset.FromUnixTimeSeconds(long.Parse(Now, System.Globalization.CultureInfo.InvariantCulture))), image);
    }

    [Fact]
    public void Every_form_of_the_same_key_and_certificate_gives_the_same_image()
    {
        byte[] wanted = Baked("pem.rom", "--cert", folder.Certificate, "--key", folder.Key);
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(folder.Text("device-1.key"));
        string[] pems = folder.Pems("device-1.pem");
        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(pems[0]);
        using X509Certificate2 above = X509Certificate2.CreateFromPem(pems[1]);
        string leafDer = folder.Write("leaf.der", leaf.RawData), aboveDer = folder.Write("above.der", above.RawData);
        string both = folder.Write("both.pem", folder.Text("device-1.pem") + folder.Text("device-1.key"));
        using X509Certificate2 withKey = leaf.CopyWithPrivateKey(key);
        string pfx = folder.Write("device.pfx", new X509Certificate2Collection { withKey, above }.Export(X509ContentType.Pkcs12, "secret")!);
        string passphrase = folder.Write("passphrase", "secret\n");
        string encrypted = folder.Write("encrypted.key", key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));

        Assert.Equal(wanted, Baked("1.rom", "--cert", leafDer, "--cert", aboveDer, "--key", folder.Write("key.der", key.ExportPkcs8PrivateKey())));
        Assert.Equal(wanted, Baked("2.rom", "--cert", folder.Certificate, "--key", folder.Write("sec1.pem", key.ExportECPrivateKeyPem())));
        Assert.Equal(wanted, Baked("3.rom", "--cert", both));
        Assert.Equal(wanted, Baked("4.rom", "--cert", pfx, "--passphrase-file", passphrase));
        Assert.Equal(wanted, Baked("5.rom", "--cert", folder.Certificate, "--key", encrypted, "--passphrase-file", passphrase));
    }

    [Fact]
    public void An_RSA_key_is_read_in_PKCS1_too()
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(folder.Text("rsa.key"));
        Assert.Equal(
            Baked("rsa8.rom", "--cert", folder.Path("rsa.pem"), "--key", folder.Path("rsa.key")),
            Baked("rsa1.rom", "--cert", folder.Path("rsa.pem"), "--key", folder.Write("rsa1.key", key.ExportRSAPrivateKeyPem())));
    }

    [Fact]
    public void What_holds_a_key_is_for_its_owner_only_and_what_holds_none_is_not_restricted()
    {
        Baked("secret.rom", "--cert", folder.Certificate, "--key", folder.Key);
        Baked("public.rom");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.Path("secret.rom")));
        Assert.True((File.GetUnixFileMode(folder.Path("public.rom")) & UnixFileMode.UserRead) != 0);
        CliRun inspected = CliRun.Of("bake", "inspect", folder.Path("public.rom"));
        Assert.Contains("No client certificate.", inspected.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_in_the_wrong_order_is_mended_and_that_is_said()
    {
        string[] pems = folder.Pems("device-1.pem");
        string reversed = folder.Write("reversed.pem", pems[1] + "garbage between\n" + pems[0]);
        byte[] wanted = Baked("order.rom", "--cert", folder.Certificate, "--key", folder.Key);
        CliRun run = Bake("reversed.rom", "--cert", reversed, "--key", folder.Key, "--time", Now);
        Assert.Contains("THIMBLE005", run.Error, StringComparison.Ordinal);
        Assert.Contains("'device-1', then 'Line'", run.Error, StringComparison.Ordinal);
        Assert.Equal(wanted, File.ReadAllBytes(folder.Path("reversed.rom")));
    }

    [Fact]
    public void Strangers_and_the_root_are_named_and_left_out()
    {
        byte[] wanted = Baked("plain.rom", "--cert", folder.Certificate, "--key", folder.Key);
        string mixed = folder.Write("mixed.pem", folder.Text("device-1.pem") + folder.Text("ca.pem") + folder.Text("other/ca.pem") + "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n");
        CliRun run = Bake("mixed.rom", "--cert", mixed, "--key", folder.Key, "--time", Now);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("'Other' is not above 'device-1'", run.Error, StringComparison.Ordinal);
        Assert.Contains("The root 'Root' ends the client's chain", run.Error, StringComparison.Ordinal);
        Assert.Contains("'CERTIFICATE REQUEST' in line", run.Error, StringComparison.Ordinal);
        Assert.Equal(wanted, File.ReadAllBytes(folder.Path("mixed.rom")));
    }

    [Fact]
    public void A_key_of_another_certificate_is_refused_with_both_named_and_no_file_appears()
    {
        CliRun run = Bake("mismatch.rom", "--cert", folder.Certificate, "--key", folder.Path("device-2.key"));
        AssertRefused(run, "THIMBLE002", "mismatch.rom");
        Assert.Contains("device-2.key", run.Error, StringComparison.Ordinal);
        Assert.Contains("'device-1'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_certificate_is_an_error_unless_it_is_allowed()
    {
        AssertRefused(Bake("expired.rom", "--cert", folder.Path("expired.pem")), "THIMBLE003", "expired.rom");
        CliRun allowed = Bake("allowed.rom", "--cert", folder.Path("expired.pem"), "--allow-expired");
        Assert.Equal(0, allowed.ExitCode);
        Assert.Contains("THIMBLE004", allowed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_anchor_is_left_out_by_name_as_long_as_another_remains()
    {
        CliRun both = CliRun.Of("bake", "--cafile", folder.Path("expired.pem"), "--cafile", folder.Root, "-o", folder.Path("anchors.rom"), "--json");
        Assert.Equal(["Root"], both.Json.GetProperty("image").GetProperty("anchors").EnumerateArray().Select(static anchor => anchor.GetProperty("name").GetString()));
        Assert.Contains("'old' expired on", both.Output, StringComparison.Ordinal);
        Assert.Contains("'PRIVATE KEY' in line", both.Output, StringComparison.Ordinal);
        AssertRefused(CliRun.Of("bake", "--cafile", folder.Path("expired.pem"), "--allow-expired", "-o", folder.Path("none.rom")), "THIMBLE003", "none.rom");
    }

    [Fact]
    public void A_wrong_passphrase_is_told_in_one_sentence()
    {
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(folder.Text("device-1.key"));
        string encrypted = folder.Write("wrong.key", key.ExportEncryptedPkcs8PrivateKeyPem("right", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000)));
        string wrong = folder.Write("wrong", "wrong");
        AssertRefused(Bake("wrong.rom", "--cert", folder.Certificate, "--key", encrypted, "--passphrase-file", wrong), "THIMBLE012", "wrong.rom");
        AssertRefused(Bake("nobody.rom", "--cert", folder.Certificate, "--key", encrypted), "THIMBLE012", "nobody.rom");

        using X509Certificate2 leaf = X509Certificate2.CreateFromPem(folder.Text("device-1.pem"));
        using X509Certificate2 withKey = leaf.CopyWithPrivateKey(key);
        string pfx = folder.Write("wrong.pfx", withKey.Export(X509ContentType.Pkcs12, "right"));
        AssertRefused(Bake("wrongpfx.rom", "--cert", pfx, "--passphrase-file", wrong), "THIMBLE012", "wrongpfx.rom");
    }

    [Theory]
    [InlineData("aws-iot", 1)]
    [InlineData("azure-iot-hub", 1)]
    [InlineData("azure-dps", 1)]
    [InlineData("clearblade", 1)]
    [InlineData("azure-event-grid", 0)]
    [InlineData("hivemq-cloud", 0)]
    [InlineData("emqx", 0)]
    public void The_root_of_a_cloud_is_missed(string cloud, int exitCode)
    {
        CliRun run = Bake($"{cloud}.rom", "--for", cloud);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(exitCode == 1 ? "THIMBLE007" : "THIMBLE008", run.Error, StringComparison.Ordinal);
        Assert.Equal(exitCode == 0, File.Exists(folder.Path($"{cloud}.rom")));
    }

    [Fact]
    public void A_readable_key_in_a_repository_is_warned_of_until_that_is_suppressed()
    {
        string repository = folder.Path("repository");
        Directory.CreateDirectory(repository);
        PeerProcess.Run("git", "init", "--quiet", repository);
        string key = folder.Write("repository/device.key", folder.Text("device-1.key"));
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        CliRun run = Bake("r1.rom", "--cert", folder.Certificate, "--key", key);
        Assert.Contains("THIMBLE009", run.Error, StringComparison.Ordinal);
        Assert.Contains("does not ignore it", run.Error, StringComparison.Ordinal);
        Assert.Contains("THIMBLE010", run.Error, StringComparison.Ordinal);

        PeerProcess.Run("git", "-C", repository, "add", "device.key");
        Assert.Contains("tracked by Git", Bake("r2.rom", "--cert", folder.Certificate, "--key", key).Error, StringComparison.Ordinal);
        Assert.Empty(Bake("r3.rom", "--cert", folder.Certificate, "--key", key, "--no-warn", "THIMBLE009", "--no-warn", "THIMBLE010").Error);

        PeerProcess.Run("git", "-C", repository, "rm", "--quiet", "--cached", "device.key");
        folder.Write("repository/.gitignore", "*.key\n");
        Assert.DoesNotContain("THIMBLE009", Bake("r4.rom", "--cert", folder.Certificate, "--key", key).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_for_programs_tells_the_same()
    {
        CliRun run = Bake("json.rom", "--cert", folder.Certificate, "--key", folder.Key, "--json");
        JsonElement image = run.Json.GetProperty("image");
        Assert.True(run.Json.GetProperty("ok").GetBoolean());
        Assert.Equal("EC P-256", image.GetProperty("key").GetProperty("kind").GetString());
        Assert.Equal(["device-1", "Line"], image.GetProperty("chain").EnumerateArray().Select(static link => link.GetProperty("subject").GetString()));
        Assert.Equal("Root", image.GetProperty("anchors")[0].GetProperty("name").GetString());
        CliRun refused = Bake("json2.rom", "--cert", folder.Certificate, "--key", folder.Path("device-2.key"), "--json");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("THIMBLE002", refused.Json.GetProperty("fault").GetProperty("reason").GetString());
    }

    [Fact]
    public void An_input_is_never_overwritten() =>
        Assert.Equal(2, CliRun.Of("bake", "--cafile", folder.Root, "-o", folder.Root).ExitCode);

    [Fact]
    public void A_key_that_is_elsewhere_is_not_in_the_image()
    {
        Baked("elsewhere.rom", "--cert", folder.Certificate, "--key-elsewhere");
        JsonElement key = CliRun.Of("bake", "inspect", folder.Path("elsewhere.rom"), "--json").Json.GetProperty("image").GetProperty("key");
        Assert.True(key.GetProperty("isElsewhere").GetBoolean());
    }

    private void AssertRefused(CliRun run, string rule, string output)
    {
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"error {rule}: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(folder.Path(output)));
        Assert.Empty(folder.Leftovers);
    }
}
