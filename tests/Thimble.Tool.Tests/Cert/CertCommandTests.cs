using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Cert;

/// <summary><c>thimble cert</c>: what it issues, and what it refuses.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CertCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-cert-");

    private string At(params string[] parts) => Path.Combine([_folder.FullName, .. parts]);

    private static CliRun Made(params string[] arguments)
    {
        CliRun run = CliRun.Of(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private void Authority(params string[] more) => Made(["cert", "ca", "--name", "Root", "-o", At("pki"), .. more]);

    private CliRun Device(string issuer, params string[] more) => CliRun.Of(["cert", "device", "--issuer", At("pki", issuer + ".pem"), "--issuer-key", At("pki", issuer + ".key"), .. more]);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("ec-p256")]
    [InlineData("ec-p384")]
    [InlineData("rsa-2048")]
    public void A_chain_is_accepted_by_OpenSSLs_strict_verifier(string type)
    {
        Authority("--intermediate", "Line", "--key-type", type);
        Assert.Equal(0, Device("intermediate", "--name", "device", "--key-type", type, "-o", At("device")).ExitCode);
        Made("cert", "server", "--issuer", At("pki", "ca.pem"), "--issuer-key", At("pki", "ca.key"), "--name", "broker", "--san", "localhost", "--san", "ip:127.0.0.1", "--key-type", type, "-o", At("broker"));
        PeerProcess.Run("openssl", "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", At("pki", "ca.pem"), "-untrusted", At("pki", "intermediate.pem"), At("device", "device.pem"));
        PeerProcess.Run("openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost", "-CAfile", At("pki", "ca.pem"), At("broker", "broker.pem"));
        PeerProcess.Run("openssl", "verify", "-x509_strict", "-verify_ip", "127.0.0.1", "-CAfile", At("pki", "ca.pem"), At("broker", "broker.pem"));
    }

    [Theory]
    [InlineData("ec-p256")]
    [InlineData("rsa-2048")]
    public void Thimble_and_OpenSSL_accept_one_another_with_them(string type)
    {
        Authority("--intermediate", "Line", "--key-type", type);
        Device("intermediate", "--name", "device", "--key-type", type, "-o", At("device"));
        Made("cert", "server", "--issuer", At("pki", "intermediate.pem"), "--issuer-key", At("pki", "intermediate.key"), "--name", "broker", "--san", "localhost", "--key-type", type, "-o", At("broker"));
        using PeerProcess server = PeerProcess.Start("openssl", ["s_server", "-accept", "127.0.0.1:0", "-cert", At("broker", "broker.pem"), "-cert_chain", At("pki", "intermediate.pem"), "-key", At("broker", "broker.key"), "-Verify", "3", "-verify_return_error", "-CAfile", At("pki", "ca.pem"), "-rev"]);
        string port = server.WaitFor(@"ACCEPT 127\.0\.0\.1:(\d+)").Groups[1].Value;
        CliRun run = CliRun.Of("connect", "127.0.0.1:" + port, "--servername", "localhost", "--cafile", At("pki", "ca.pem"), "--cert", At("device", "device.pem"), "--key", At("device", "device.key"), "--json");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.True(run.Json.GetProperty("tls").GetProperty("clientCertificate").GetBoolean());
    }

    [Fact]
    public void A_fleet_has_the_names_of_its_pattern_and_serial_numbers_that_differ()
    {
        Authority();
        Device("ca", "--name", "unit-{000}", "--count", "12", "--start", "8", "-o", At("fleet"));
        Assert.Equal(Enumerable.Range(8, 12).Select(static i => $"unit-{i:000}.key"), Directory.EnumerateFiles(At("fleet"), "*.key").Select(Path.GetFileName).Order());
        X509Certificate2[] fleet = [.. Directory.EnumerateFiles(At("fleet"), "*.pem").Select(X509CertificateLoader.LoadCertificateFromFile)];
        Assert.Equal(12, fleet.Select(static certificate => certificate.SerialNumber).Distinct().Count());
        Assert.Equal(12, fleet.Select(static certificate => certificate.GetPublicKeyString()).Distinct().Count());
        Assert.All(fleet, static certificate => Assert.InRange(certificate.SerialNumberBytes.Span[0], 0x40, 0x7F));
        Assert.All(fleet, static certificate => Assert.Equal(16, certificate.SerialNumberBytes.Length));
    }

    [Theory]
    [InlineData("fleet.tar")]
    [InlineData("fleet.zip")]
    public void An_archive_holds_the_fleet_and_is_for_its_owner_only(string name)
    {
        Authority();
        Device("ca", "--name", "unit-{0}", "--count", "3", "-o", At(name));
        string[] wanted = ["unit-1.key", "unit-1.pem", "unit-2.key", "unit-2.pem", "unit-3.key", "unit-3.pem"];
        Assert.Equal(wanted, Names(At(name)).Order(StringComparer.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At(name)));
    }

    [Fact]
    public void Keys_are_PKCS8_for_their_owner_only_and_encrypted_where_asked()
    {
        File.WriteAllText(At("passphrase"), "open sesame\n");
        Authority("--encrypt", "--passphrase-file", At("passphrase"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("pki", "ca.key")));
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----", File.ReadAllText(At("pki", "ca.key")), StringComparison.Ordinal);
        PeerProcess.Run("openssl", "pkey", "-in", At("pki", "ca.key"), "-passin", "file:" + At("passphrase"), "-noout");
        CliRun closed = Device("ca", "--name", "device", "-o", At("device"));
        Assert.Equal(1, closed.ExitCode);
        Assert.False(Directory.Exists(At("device")));
        Assert.Equal(0, Device("ca", "--name", "device", "-o", At("device"), "--passphrase-file", At("passphrase")).ExitCode);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", File.ReadAllText(At("device", "device.key")), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_lives_longer_than_its_issuer_and_that_is_said()
    {
        Authority("--days", "30");
        CliRun run = Device("ca", "--name", "device", "--days", "31", "-o", At("device"));
        Assert.Contains("31 days were asked for", run.Error, StringComparison.Ordinal);
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(At("pki", "ca.pem"));
        using X509Certificate2 device = X509CertificateLoader.LoadCertificateFromFile(At("device", "device.pem"));
        Assert.Equal(authority.NotAfter, device.NotAfter);
        Assert.Empty(Device("ca", "--name", "brief", "--days", "29", "-o", At("device")).Error);
    }

    [Fact]
    public void Nothing_is_overwritten_unless_that_was_asked_for()
    {
        Authority();
        byte[] before = File.ReadAllBytes(At("pki", "ca.key"));
        CliRun again = CliRun.Of("cert", "ca", "--name", "Root", "-o", At("pki"));
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(At("pki", "ca.key")));
        Authority("--force");
        Assert.NotEqual(before, File.ReadAllBytes(At("pki", "ca.key")));
    }

    [Fact]
    public void Serial_numbers_count_from_the_one_that_was_given()
    {
        Authority();
        Device("ca", "--name", "unit-{0}", "--count", "2", "--serial", "FE", "-o", At("fleet"));
        Assert.Equal(["FE", "FF"], new[] { "unit-1.pem", "unit-2.pem" }.Select(name => X509CertificateLoader.LoadCertificateFromFile(At("fleet", name)).SerialNumber.TrimStart('0')));
    }

    [Fact]
    public void A_device_issues_nothing_and_an_intermediate_no_authority()
    {
        Authority("--intermediate", "Line");
        Device("ca", "--name", "device", "-o", At("pki"));
        CliRun device = Device("device", "--name", "below", "-o", At("below"));
        Assert.Equal(1, device.ExitCode);
        Assert.Contains("no authority", device.Error, StringComparison.Ordinal);
        CliRun authority = CliRun.Of("cert", "ca", "--name", "Below", "--issuer", At("pki", "intermediate.pem"), "--issuer-key", At("pki", "intermediate.key"), "-o", At("below"));
        Assert.Equal(1, authority.ExitCode);
        Assert.Contains("path length 0", authority.Error, StringComparison.Ordinal);
        CliRun mismatch = CliRun.Of("cert", "device", "--issuer", At("pki", "ca.pem"), "--issuer-key", At("pki", "intermediate.key"), "--name", "x", "-o", At("below"));
        Assert.Contains("is not that of the certificate 'Root'", mismatch.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("below")));
    }

    [Theory]
    [InlineData("aws-iot", "ec-p256")]
    [InlineData("aws-iot", "rsa-2048")]
    [InlineData("azure-dps", "ec-p384")]
    public void A_request_verifies_and_has_its_name(string cloud, string type)
    {
        Made("cert", "csr", "--name", "device-7", "--for", cloud, "--key-type", type, "-o", At("request"));
        using ProgramRun run = ProgramRun.Start("openssl", "req", "-in", At("request", "device-7.csr"), "-noout", "-verify", "-subject");
        run.Give([]);
        run.ToEnd();
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("device-7", System.Text.Encoding.UTF8.GetString(run.Output), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("device 7")]
    [InlineData("device_")]
    [InlineData("gerät")]
    public void A_name_that_is_no_registration_id_is_refused_for_DPS(string name)
    {
        Assert.Equal(2, CliRun.Of("cert", "csr", "--name", name, "--for", "azure-dps", "-o", At("no")).ExitCode);
        Made("cert", "csr", "--name", name, "-o", At("yes"));
    }

    [Theory]
    [InlineData("cert", "device", "--name", "same", "--count", "2")]
    [InlineData("cert", "device", "--name", "x", "--count", "0")]
    [InlineData("cert", "device", "--name", "x", "--days", "0")]
    [InlineData("cert", "device", "--name", "x", "--serial", "0")]
    [InlineData("cert", "device", "--name", "x", "--san", "email:a")]
    public void What_cannot_be_meant_is_a_usage_error(params string[] arguments)
    {
        Authority();
        Assert.Equal(2, CliRun.Of([.. arguments, "--issuer", At("pki", "ca.pem"), "--issuer-key", At("pki", "ca.key"), "-o", At("no")]).ExitCode);
        Assert.False(Directory.Exists(At("no")));
    }

    [Fact]
    public void The_help_answers_the_question_of_the_completely_EC_based_certificate() =>
        Assert.Contains("Can I have a completely EC-based certificate?", CliRun.Of("cert", "--help").Output, StringComparison.Ordinal);

    private static List<string> Names(string archive)
    {
        if (archive.EndsWith(".zip", StringComparison.Ordinal))
        {
            using ZipArchive zip = ZipFile.OpenRead(archive);
            return [.. zip.Entries.Select(static entry => entry.FullName)];
        }

        var names = new List<string>();
        using FileStream file = File.OpenRead(archive);
        using var tar = new TarReader(file);
        while (tar.GetNextEntry() is { } entry)
        {
            names.Add(entry.Name);
            Assert.Equal(entry.Name.EndsWith(".key", StringComparison.Ordinal), (entry.Mode & UnixFileMode.OtherRead) == 0);
        }

        return names;
    }
}
