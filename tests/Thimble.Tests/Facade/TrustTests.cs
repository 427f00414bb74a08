using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.X509;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.Facade;

public sealed class TrustTests : IDisposable
{
    private static readonly TestIdentity s_root = TestIdentity.Ec("Root"), s_other = TestIdentity.Ec("Other");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pin_is_the_hash_of_the_key_and_is_read_in_every_spelling()
    {
        byte[] hash = SHA256.HashData(s_root.Key.ExportSubjectPublicKeyInfo());
        string base64 = Convert.ToBase64String(hash), hex = Convert.ToHexString(hash);
        KeyPin pin = KeyPin.Of(s_root.Certificate);
        Assert.Equal("sha256/" + base64, pin.Text);
        foreach (string spelling in (string[])["sha256/" + base64, "sha256//" + base64, base64, $"pin-sha256=\"{base64}\"", hex, hex.ToLowerInvariant(), string.Join(':', hash.Select(static octet => $"{octet:X2}")), $" {hex} "])
        {
            Assert.Equal(pin, KeyPin.Parse(spelling));
        }
    }

    /// <summary>So a certificate can be renewed.</summary>
    [Fact]
    public void A_certificate_of_the_same_key_has_the_same_pin()
    {
        TestIdentity renewed = TestIdentity.Make("Renewed", s_root.Key);
        Assert.Equal(KeyPin.Of(s_root.Certificate), KeyPin.Of(renewed.Certificate));
        Assert.NotEqual(KeyPin.Of(s_root.Certificate), KeyPin.Of(s_other.Certificate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("sha256/")]
    [InlineData("pin-sha256=\"")]
    [InlineData("pin-sha256=\"\"")]
    [InlineData("sha1/AAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA*=")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddee")]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeffgg")]
    [InlineData("00:112233445566778899aabbccddeeff00112233445566778899aabbccddeeff:00:11:22:33:44:55:66:77:8899:00")]
    public void What_is_no_pin_is_refused(string text) => Assert.Throws<FormatException>(() => KeyPin.Parse(text));

    [Fact]
    public void A_folder_gives_all_its_anchors_and_says_what_it_left_out()
    {
        string folder = _folder["ca"];
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "root.pem"), s_root.CertificatePem);
        File.WriteAllText(Path.Combine(folder, "3513523f.0"), s_root.CertificatePem);
        File.WriteAllBytes(Path.Combine(folder, "other.der"), s_other.Certificate.RawData);
        File.WriteAllText(Path.Combine(folder, "README"), "not a certificate");
        TestIdentity brainpool = TestIdentity.Make("Brainpool", ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1));
        TestCertificate clients = TestPki.Make(new CertificateRecipe { Subject = "CN=Clients", IsCa = true, Purposes = ["1.3.6.1.5.5.7.3.2"] });
        File.WriteAllText(Path.Combine(folder, "more.pem"), brainpool.CertificatePem + "\n" + clients.Certificate.ExportCertificatePem());

        var trust = Trust.FromFile(folder);
        Assert.Equal(["Other", "Root"], trust.Anchors.Select(CertificateName.Short).Order());
        Assert.Equal(["Brainpool", "Clients", "README"], trust.Skipped.Select(static one => one.Name).Order());
        Assert.Contains("leaves TLS servers out", trust.Skipped.Single(static one => one.Name == "Clients").Reason, StringComparison.Ordinal);
        Assert.Contains("neither PEM nor DER", trust.Skipped.Single(static one => one.Name == "README").Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_is_refused()
    {
        string folder = _folder["empty"];
        Directory.CreateDirectory(folder);
        Assert.Equal(CredentialProblem.NoCertificate, Assert.Throws<CredentialException>(() => Trust.FromFile(folder)).Problem);
    }

    /// <summary>Each root of the system is an anchor or has a reason, and all anchors make one image. Where the system has none, that is told.</summary>
    [Fact]
    public void The_operating_systems_roots_are_anchors_or_have_a_reason()
    {
        Trust trust;
        try
        {
            trust = Trust.OfOperatingSystem();
        }
        catch (CredentialException e)
        {
            Assert.Equal(CredentialProblem.NoCertificate, e.Problem);
            return;
        }

        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        string[] known = [.. trust.Anchors.Select(CertificateName.Short), .. trust.Skipped.Select(static one => one.Name)];
        Assert.Empty(store.Certificates.Select(CertificateName.Short).Except(known));
        Assert.All(trust.Skipped, static one => Assert.NotEmpty(one.Reason));
        using var credentials = Credentials.From(trust);
        byte[] image = credentials.BuildRomImage(DateTimeOffset.UtcNow);
        int names = trust.Anchors.Where(static anchor => anchor.NotBefore <= DateTime.Now).DistinctBy(static anchor => (anchor.Subject, KeyPin.Of(anchor).Text)).Count();
        Assert.Equal(names, RomImage.FromChecked(image).AnchorCount); // a root that was renewed with its key is the same anchor
        Assert.InRange(image.Length, 100 * names, 700 * names);
    }

    [Fact]
    public void Pins_narrow_or_stand_alone_and_each_counts_once()
    {
        string pin = KeyPin.Of(s_root.Certificate).Text, other = KeyPin.Of(s_other.Certificate).Text;
        var alone = Trust.OfPins(pin, other, pin);
        Assert.Equal((0, 2), (alone.Anchors.Count, alone.Pins.Count));
        Trust narrowed = Trust.Of([s_root.Certificate]).WithPins(pin).WithPins(other, pin);
        Assert.Equal((1, 2), (narrowed.Anchors.Count, narrowed.Pins.Count));
        using var credentials = Credentials.From(narrowed);
        RomImage rom = RomImage.FromChecked(credentials.BuildRomImage(DateTimeOffset.UtcNow));
        Assert.Equal((1, 2), (rom.AnchorCount, rom.PinCount));
        Assert.Equal(TrustAnchor.IsPinned | TrustAnchor.IsEndEntity, rom.FirstAnchor.Flags);
        Assert.Throws<ArgumentException>(() => Trust.OfPins());
        Assert.Throws<FormatException>(() => Trust.OfPins("AAAA"));
    }

    /// <summary>Pins alone would trust more: an anchor that has ended must not leave them standing by themselves.</summary>
    [Fact]
    public void Anchors_that_have_ended_do_not_turn_narrowing_pins_into_trusted_ones()
    {
        using var credentials = Credentials.From(Trust.Of([s_root.Certificate]).WithPins(KeyPin.Of(s_root.Certificate).Text));
        Assert.Equal(CredentialProblem.AnchorNotValidNow, Assert.Throws<CredentialException>(() => credentials.BuildRomImage(DateTimeOffset.UtcNow.AddYears(1))).Problem);
    }

    [Fact]
    public void A_trust_outlives_the_credentials_that_were_made_from_it()
    {
        var trust = Trust.Of([s_root.Certificate]);
        Credentials.From(trust).Dispose();
        using var again = Credentials.From(trust);
        Assert.NotEmpty(again.BuildRomImage(DateTimeOffset.UtcNow));
    }
}
