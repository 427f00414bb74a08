using System;
using System.Linq;
using System.Security.Cryptography;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>The encodings of RFC 8410, by its own examples (§10).</summary>
public sealed class Ed25519PrivateKeyTests
{
    private const string Plain = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
    private const string WithPublicKey =
        "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    private const string Public = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

    [Theory]
    [InlineData(Plain)]
    [InlineData(WithPublicKey)]
    public void The_examples_are_read_and_written(string encoded)
    {
        byte[] der = Convert.FromBase64String(encoded);
        using Ed25519PrivateKey key = Ed25519PrivateKey.FromPkcs8([.. der, 7], out int read);
        Assert.Equal(der.Length, read);
        Assert.Equal(Public, Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()));
        Assert.Equal(Plain, Convert.ToBase64String(key.ExportPkcs8PrivateKey()));
        Assert.Equal(256, key.KeySize);
        byte[] small = new byte[43];
        Assert.False(key.TryExportSubjectPublicKeyInfo(small, out _));
        Assert.False(key.TryExportPkcs8PrivateKey(small, out _));
        Assert.Equal("-----BEGIN PUBLIC KEY-----\n" + Public + "\n-----END PUBLIC KEY-----", key.ExportSubjectPublicKeyInfoPem());
    }

    /// <summary>Of the plain form every byte counts; the other one has a name in it that means nothing.</summary>
    [Fact]
    public void A_changed_byte_is_another_key_or_none()
    {
        byte[] der = Convert.FromBase64String(Plain);
        for (int at = 0; at < der.Length; at++)
        {
            byte[] changed = [.. der];
            changed[at] ^= 1;
            string spki = Attempt(changed);
            Assert.Equal(at == 4, spki == Public);
            Assert.Equal(at >= der.Length - 32 || at == 4, spki.Length != 0); // the seed, or version 1 without what it may bring
        }
    }

    [Fact]
    public void A_public_key_of_another_private_key_is_refused()
    {
        byte[] der = Convert.FromBase64String(WithPublicKey);
        foreach (int at in Enumerable.Range(der.Length - 35, 35).Append(4))
        {
            byte[] changed = [.. der];
            changed[at] ^= 1;
            Assert.Equal("", Attempt(changed));
        }
    }

    [Fact]
    public void A_key_that_was_disposed_of_is_gone()
    {
        var key = Ed25519PrivateKey.Create();
        Assert.True(key.Seed.ContainsAnyExcept((byte)0));
        key.Dispose();
        Assert.False(key.Seed.ContainsAnyExcept((byte)0));
    }

    /// <summary>Pinned arrays lie one behind the other: a copy of the seed would stand between the two that are made around the attempt.</summary>
    [Fact]
    public unsafe void What_is_malformed_behind_the_seed_leaves_no_copy_of_it()
    {
        byte[] der = [.. Convert.FromBase64String(WithPublicKey).AsSpan(0, 84), 0x81, 0x85]; // [1] with a length that is cut off
        der[1] = (byte)(der.Length - 2);
        byte[] seed = der[16..48];
        byte[] before = GC.AllocateArray<byte>(32, pinned: true);
        Assert.Throws<CryptographicException>(() => Ed25519PrivateKey.FromPkcs8(der, out _));
        byte[] after = GC.AllocateArray<byte>(32, pinned: true);
        fixed (byte* from = before, to = after)
        {
            long between = to - from;
            Assert.False(between is > 0 and < 1 << 20 && new ReadOnlySpan<byte>(from, (int)between).IndexOf(seed) >= 0, "A copy of the seed was left.");
        }
    }

    [Fact]
    public void A_seed_has_32_bytes() => Assert.Throws<ArgumentException>(static () => new Ed25519PrivateKey(new byte[31]));

    private static string Attempt(byte[] der)
    {
        try
        {
            using Ed25519PrivateKey key = Ed25519PrivateKey.FromPkcs8(der, out int read);
            return read == der.Length ? Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()) : "";
        }
        catch (CryptographicException)
        {
            return "";
        }
    }
}
