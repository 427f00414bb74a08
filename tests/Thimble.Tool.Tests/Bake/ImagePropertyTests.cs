using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli.Bake;
using Thimble.Tests.Cli;
using Thimble.Tests.X509;
using Xunit;

namespace Thimble.Tool.Tests.Bake;

/// <summary>Whatever goes in comes out: inspecting an image tells what it was made from, and of a changed one nobody believes anything.</summary>
public sealed class ImagePropertyTests(BakeFolder folder) : IClassFixture<BakeFolder>
{
    private const int LeafKey = 50; // TestPki's

    private static readonly string[] s_kinds = ["P-256", "P-384", "RSA-2048", "Ed25519"];

    [Fact]
    public void Inspecting_tells_exactly_what_went_in() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
    {
        var random = new Random(seed);
        List<TestCertificate> roots = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => TestPki.Root(s_kinds[random.Next(s_kinds.Length)], $"CN=Root {i} of {seed}", i))];
        string kind = s_kinds[random.Next(s_kinds.Length)];
        int links = random.Next(0, 3);
        using var builder = new RomImageBuilder();
        roots.ForEach(root => builder.AddTrustAnchor(root.Certificate));
        List<byte[]> chain = [];
        if (links > 0)
        {
            (_, chain) = TestPki.Chain(links, "P-256", leafKind: kind);
            builder.SetClientCertificate(chain, TestPki.Key(kind, LeafKey));
        }

        byte[] image = builder.Build(TestPki.Now);
        ImageReport told = ImageReader.Read("x", image);
        int at = random.Next(image.Length);
        byte[] changed = [.. image];
        changed[at] ^= (byte)random.Next(1, 256);
        return told.Anchors.Select(anchor => anchor.Name).SequenceEqual(roots.Select((_, i) => $"Root {i} of {seed}"))
            && told.Anchors.Select(anchor => anchor.Key).SequenceEqual(roots.Select(root => KeyDescription.Describe(root.Certificate)))
            && told.Chain.Select(link => link.Bytes).SequenceEqual(chain.Select(der => der.Length))
            && told.Key?.Kind == (links == 0 ? null : KeyDescription.Describe(X509CertificateLoader.LoadCertificate(chain[0])))
            && told.Anchors.Sum(anchor => anchor.Bytes) <= told.Bytes
            && IsRefused(changed);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    /// <summary>An authority that has a new key keeps its name: the chain goes through the certificate of the key that signed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_two_issuers_of_one_name_the_one_whose_key_signed_is_taken(bool otherFirst)
    {
        using ECDsa oldKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), newKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 old = Authority(oldKey), @new = Authority(newKey);
        var request = new CertificateRequest("CN=dev", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(@new, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using X509Certificate2 leaf = request.Create(@new.SubjectName, X509SignatureGenerator.CreateForECDsa(newKey), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90), [7]);
        string[] issuers = [old.ExportCertificatePem() + "\n", @new.ExportCertificatePem() + "\n"];
        string file = folder.Write("renewed.pem", leaf.ExportCertificatePem() + "\n" + issuers[otherFirst ? 0 : 1] + issuers[otherFirst ? 1 : 0]);
        BakeFolder.Made("bake", "--cafile", folder.Root, "--cert", file, "--key", folder.Write("renewed.key", key.ExportPkcs8PrivateKeyPem()), "-o", folder.Path("renewed.rom"));
        byte[] image = File.ReadAllBytes(folder.Path("renewed.rom"));
        Assert.True(image.AsSpan().IndexOf(@new.RawData) >= 0);
        Assert.True(image.AsSpan().IndexOf(old.RawData) < 0);
    }

    /// <summary>Two authorities that signed one another: the chain ends where it would begin again.</summary>
    [Fact]
    public void Authorities_that_signed_one_another_make_a_chain_with_an_end()
    {
        using ECDsa a = ECDsa.Create(ECCurve.NamedCurves.nistP256), b = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string text = string.Concat(new (string, ECDsa, string, ECDsa)[] { ("CN=A", a, "CN=B", b), ("CN=B", b, "CN=A", a), ("CN=leaf", key, "CN=A", a) }
            .Select((one, i) => new CertificateRequest(one.Item1, one.Item2, HashAlgorithmName.SHA256)
                .Create(new X500DistinguishedName(one.Item3), X509SignatureGenerator.CreateForECDsa(one.Item4), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90), [(byte)(i + 1)]).ExportCertificatePem() + "\n"));
        CliRun run = BakeFolder.Made("bake", "--cafile", folder.Root, "--cert", folder.Write("crossed.pem", text), "--key", folder.Write("crossed.key", key.ExportPkcs8PrivateKeyPem()), "-o", folder.Path("crossed.rom"), "--json");
        Assert.Equal(["leaf", "A", "B"], run.Json.GetProperty("image").GetProperty("chain").EnumerateArray().Select(link => link.GetProperty("subject").GetString()));
    }

    /// <summary>A name that somebody else chose does not steer the terminal of who bakes it, nor end a comment of C.</summary>
    [Fact]
    public void A_hostile_name_stays_text()
    {
        byte[] anchor = Probe.HostileCertificates.Named(Probe.HostileCertificates.Steering + "*/ int main(void) { return 1; } /*");
        string file = folder.Write("hostile.der", anchor);
        CliRun refused = CliRun.Of("bake", "--cafile", file, "--cafile", folder.Root, "-o", folder.Path("hostile.h"), "--format", "der-c");
        CliRun ready = CliRun.Of("bake", "--cafile", folder.Root, "--cert", folder.Certificate, "--cert", file, "--key", folder.Key, "-o", folder.Path("other.rom"));
        string header = File.Exists(folder.Path("hostile.h")) ? File.ReadAllText(folder.Path("hostile.h")) : "";
        Assert.DoesNotContain(refused.Error + refused.Output + ready.Error + ready.Output + header, c => char.IsControl(c) && c is not ('\n' or '\r'));
        Assert.DoesNotContain("*/ int", header, StringComparison.Ordinal);
    }

    [Fact]
    public void An_anchor_that_says_something_twice_is_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=twice", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 good = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(9));
        byte[] twice = Twice(good.RawData);
        CliRun run = CliRun.Of("bake", "--cafile", folder.Write("twice.der", twice), "-o", folder.Path("twice.rom"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("twice", run.Error, StringComparison.Ordinal);
        Assert.Contains("2.5.29.19", run.Error, StringComparison.Ordinal);
    }

    /// <summary>keyUsage becomes a second basicConstraints; nobody looks at an anchor's own signature.</summary>
    private static byte[] Twice(byte[] der)
    {
        byte[] changed = [.. der];
        int at = changed.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x55, 0x1D, 0x0F]);
        changed[at + 2] = 0x13;
        return changed;
    }

    private static X509Certificate2 Authority(ECDsa key)
    {
        using ECDsa root = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Mid", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.Create(new X500DistinguishedName("CN=Root"), X509SignatureGenerator.CreateForECDsa(root), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(90), [3]);
    }

    private static bool IsRefused(byte[] image)
    {
        try
        {
            ImageReader.Read("x", image);
            return false;
        }
        catch (BakeException e)
        {
            try
            {
                using Credentials credentials = Credentials.FromImage(image);
                return false;
            }
            catch (CredentialException other)
            {
                return !e.Message.Contains('\n', StringComparison.Ordinal) && !other.Message.Contains('\n', StringComparison.Ordinal);
            }
        }
    }
}
