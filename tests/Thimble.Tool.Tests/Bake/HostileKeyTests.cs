using System;
using System.Formats.Asn1;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli.Bake;
using Thimble.Tests.Cli;
using Thimble.Tests.X509;
using Xunit;

namespace Thimble.Tool.Tests.Bake;

/// <summary>Private keys that were made to hang, to crash or to deceive: one sentence in bounded time, and nothing written.</summary>
public sealed class HostileKeyTests(BakeFolder folder) : IClassFixture<BakeFolder>
{
    private const string Pbes2 = "1.2.840.113549.1.5.13", Pbkdf2 = "1.2.840.113549.1.5.12", HmacSha256 = "1.2.840.113549.2.9", Aes256 = "2.16.840.1.101.3.4.1.42";

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(10_000_001)]
    [InlineData(1L << 40)]
    public void A_passphrase_that_is_to_be_stretched_without_end_is_refused(long iterations) =>
        AssertRefused(Pbes2Key(iterations), $"stretched {iterations:N0} times, and at most 10,000,000");

    [Fact]
    public void The_older_schemes_have_the_same_bound()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.12.1.3");
                using (writer.PushSequence())
                {
                    writer.WriteOctetString(new byte[8]);
                    writer.WriteInteger(int.MaxValue);
                }
            }

            writer.WriteOctetString(new byte[64]);
        }

        AssertRefused(writer.Encode(), "at most 10,000,000");
    }

    [Theory]
    [InlineData(0L, 64, 16, 32, Aes256, HmacSha256, "not what RFC 5958 defines")]
    [InlineData(-5L, 64, 16, 32, Aes256, HmacSha256, "not what RFC 5958 defines")]
    [InlineData(10L, 7, 16, 32, Aes256, HmacSha256, "not what RFC 5958 defines")]
    [InlineData(10L, 0, 16, 32, Aes256, HmacSha256, "not what RFC 5958 defines")]
    [InlineData(10L, 64, 8, 32, Aes256, HmacSha256, "not what RFC 5958 defines")]
    [InlineData(10L, 64, 16, 1 << 30, Aes256, HmacSha256, "not what RFC 5958 defines")]
    [InlineData(10L, 64, 16, 32, "1.2.3.4", HmacSha256, "the cipher 1.2.3.4")]
    [InlineData(10L, 64, 16, 32, Aes256, "1.2.3.4", "the function 1.2.3.4")]
    [InlineData(10L, 64, 16, 32, Aes256, HmacSha256, "the passphrase is wrong")]
    public void Odd_parameters_are_told(long iterations, int dataBytes, int ivBytes, int keyBytes, string cipher, string function, string says) =>
        AssertRefused(Pbes2Key(iterations, dataBytes, ivBytes, keyBytes, cipher, function), says);

    [Fact]
    public void Changed_encrypted_keys_open_or_are_refused()
    {
        byte[] good = TestPki.Key("P-256", 0).ExportEncryptedPkcs8PrivateKey("pw", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 3));
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            byte[] changed = [.. good];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                using CredentialFile file = CredentialFile.FromBytes("x", changed[..(random.Next(5) == 0 ? random.Next(1, changed.Length) : changed.Length)]);
                using AsymmetricAlgorithm key = PrivateKeyFile.Read(file, "pw");
                return true;
            }
            catch (CredentialException e)
            {
                return !e.Message.Contains('\n', StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData("P-256", "wörd ☃")]
    [InlineData("Ed25519", "wörd ☃")]
    [InlineData("RSA-2048", "pw")]
    public void A_key_of_any_kind_opens_as_it_was_encrypted(string kind, string passphrase)
    {
        AsymmetricAlgorithm key = TestPki.Key(kind, 0);
        foreach (HashAlgorithmName hash in (HashAlgorithmName[])[HashAlgorithmName.SHA1, HashAlgorithmName.SHA256, HashAlgorithmName.SHA384, HashAlgorithmName.SHA512])
        {
            foreach (PbeEncryptionAlgorithm cipher in (PbeEncryptionAlgorithm[])[PbeEncryptionAlgorithm.Aes128Cbc, PbeEncryptionAlgorithm.Aes192Cbc, PbeEncryptionAlgorithm.Aes256Cbc])
            {
                byte[] encrypted = Encrypt(key, passphrase, cipher, hash);
                using CredentialFile file = CredentialFile.FromBytes("x", encrypted);
                using AsymmetricAlgorithm opened = PrivateKeyFile.Read(file, passphrase);
                Assert.Equal(key.ExportPkcs8PrivateKey(), opened.ExportPkcs8PrivateKey());
                using CredentialFile again = CredentialFile.FromBytes("x", Encrypt(key, passphrase, cipher, hash));
                Assert.Equal(CredentialProblem.WrongPassphrase, Assert.Throws<CredentialException>(() => PrivateKeyFile.Read(again, passphrase + "x")).Problem);
            }
        }
    }

    [Fact]
    public void The_scheme_that_Java_writes_still_opens()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using CredentialFile file = CredentialFile.FromBytes("x", key.ExportEncryptedPkcs8PrivateKey("pw", new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 1000)));
        using AsymmetricAlgorithm opened = PrivateKeyFile.Read(file, "pw");
        Assert.Equal(key.ExportPkcs8PrivateKey(), opened.ExportPkcs8PrivateKey());
    }

    [Fact]
    public void Many_beginnings_and_one_end_take_no_time() =>
        AssertRefused(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("-----BEGIN A-----\n", 200_000)) + "-----END A-----\n"), "has another BEGIN line in it");

    [Theory]
    [InlineData("/dev/zero", "more than 4,194,304 bytes")]
    [InlineData("/dev/null", "the file is empty")]
    [InlineData("/proc/self/maps", "neither PEM nor a private key")]
    public void A_device_is_read_as_far_as_a_file_may_go(string path, string says)
    {
        if (OperatingSystem.IsLinux())
        {
            CliRun run = CliRun.Of("bake", "--cafile", folder.Root, "--cert", folder.Certificate, "--key", path, "-o", folder.Path("refused.rom"));
            Assert.Contains(says, run.Error, StringComparison.Ordinal);
            Assert.Equal(1, run.ExitCode);
        }
    }

    [Theory]
    [InlineData(0)] // d
    [InlineData(3)] // d mod (p-1)
    [InlineData(4)]
    [InlineData(5)] // the inverse of q
    public void An_RSA_key_whose_numbers_do_not_belong_together_is_refused(int which)
    {
        RSAParameters bad = ((RSA)TestPki.Key("RSA-2048", 0)).ExportParameters(true);
        byte[] part = new[] { bad.D, bad.P, bad.Q, bad.DP, bad.DQ, bad.InverseQ }[which]!;
        part[^2] ^= 1;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            foreach (byte[]? number in (byte[]?[])[bad.Modulus, bad.Exponent, bad.D, bad.P, bad.Q, bad.DP, bad.DQ, bad.InverseQ])
            {
                writer.WriteInteger(new BigInteger(number!, isUnsigned: true, isBigEndian: true));
            }
        }

        AssertRefused(writer.Encode(), "do not belong together");
    }

    private void AssertRefused(byte[] key, string says)
    {
        CliRun run = CliRun.Of("bake", "--cafile", folder.Root, "--cert", folder.Certificate, "--key", folder.Write("hostile.key", key), "--passphrase-file", folder.Write("passphrase", "pw\n"), "-o", folder.Path("refused.rom"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(folder.Path("refused.rom")));
    }

    /// <summary>The platform encrypts only keys that it has a type for.</summary>
    private static byte[] Encrypt(AsymmetricAlgorithm key, string passphrase, PbeEncryptionAlgorithm cipher, HashAlgorithmName hash)
    {
        if (key is not Ed25519PrivateKey)
        {
            return key.ExportEncryptedPkcs8PrivateKey(passphrase, new PbeParameters(cipher, hash, 7));
        }

        (int bytes, string oid) = cipher switch { PbeEncryptionAlgorithm.Aes128Cbc => (16, "2.16.840.1.101.3.4.1.2"), PbeEncryptionAlgorithm.Aes192Cbc => (24, "2.16.840.1.101.3.4.1.22"), _ => (32, Aes256) };
        string function = "1.2.840.113549.2." + (hash.Name switch { "SHA1" => 7, "SHA256" => 9, "SHA384" => 10, _ => 11 });
        using var aes = Aes.Create();
        aes.Key = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(passphrase), new byte[8], 7, hash, bytes);
        return Pbes2Key(7, 0, 16, bytes, oid, function, aes.EncryptCbc(key.ExportPkcs8PrivateKey(), new byte[16]));
    }

    private static byte[] Pbes2Key(long iterations, int dataBytes = 64, int ivBytes = 16, int keyBytes = 32, string cipher = Aes256, string function = HmacSha256, byte[]? data = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Pbes2);
                using AsnWriter.Scope parameters = writer.PushSequence();
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(Pbkdf2);
                    using AsnWriter.Scope derivation = writer.PushSequence();
                    writer.WriteOctetString(new byte[8]);
                    writer.WriteInteger(iterations);
                    writer.WriteInteger(keyBytes);
                    using AsnWriter.Scope algorithm = writer.PushSequence();
                    writer.WriteObjectIdentifier(function);
                    writer.WriteNull();
                }

                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(cipher);
                    writer.WriteOctetString(new byte[ivBytes]);
                }
            }

            writer.WriteOctetString(data ?? new byte[dataBytes]);
        }

        return writer.Encode();
    }
}
