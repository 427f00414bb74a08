using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Thimble.Crypto;
using Thimble.X509;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

/// <summary>SHA-1, which names things in OCSP and signs nothing: FIPS 180's examples, the platform's, and every split.</summary>
public sealed class Sha1Tests
{
    [Theory]
    [InlineData("", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709")]
    [InlineData("abc", "A9993E364706816ABA3E25717850C26C9CD0D89D")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "84983E441C3BD26EBAAE4AA1F95129E5E54670F1")]
    public void Examples_of_FIPS_180(string message, string digest) => Assert.Equal(digest, Convert.ToHexString(Digest(Encoding.ASCII.GetBytes(message), 1000)));

    [Fact]
    public void Any_length_in_any_pieces_as_the_platform_has_it()
    {
        byte[] message = new byte[300];
        new Random(1).NextBytes(message);
        for (int length = 0; length <= message.Length; length++)
        {
            byte[] expected = CryptographicOperations.HashData(HashAlgorithmName.SHA1, message[..length]);
            Assert.Equal(expected, Digest(message[..length], 1));
            Assert.Equal(expected, Digest(message[..length], 63));
            Assert.Equal(expected, Digest(message[..length], 1000));
        }
    }

    [Fact]
    public void It_is_no_hash_that_a_signature_could_use() => Assert.DoesNotContain(Enum.GetNames<Thimble.Crypto.HashAlgorithm>(), static name => name == "Sha1");

    [Fact]
    public void Its_state_has_the_declared_size_and_fits_where_a_status_keeps_it()
    {
        Assert.Equal(Sha1.StateBytes, Marshal.SizeOf<Sha1>());
        Assert.True(Sha1.StateBytes <= ChainVerifier.StateBytes && Sha1.StateBytes <= PublicKeyHash.StateBytes);
    }

    /// <summary>Exponents of one octet up to the longest, and moduli whose last octet is full or not.</summary>
    [Theory]
    [InlineData(2048, "03")]
    [InlineData(2048, "010001")]
    [InlineData(2047, "81")]
    [InlineData(2041, "8003")]
    [InlineData(3072, "800001")]
    [InlineData(4096, "80000001")]
    [InlineData(4095, "7FFFFFFF")]
    public void An_RSA_key_is_hashed_as_it_stands_in_its_certificate(int bits, string exponent)
    {
        byte[] modulus = new byte[(bits + 7) / 8];
        new Random(bits).NextBytes(modulus);
        modulus[0] = (byte)(1 << ((bits - 1) & 7));
        byte[] e = Convert.FromHexString(exponent);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteIntegerUnsigned(e);
        }

        byte[] region = new byte[SubjectPublicKey.RegionBytes(4096, 0)];
        region[0] = (byte)KeyKind.Rsa;
        BitConverter.TryWriteBytes(region.AsSpan(2), (ushort)bits);
        BitConverter.TryWriteBytes(region.AsSpan(4), e.Aggregate(0u, static (value, octet) => (value << 8) | octet));
        modulus.Reverse().ToArray().CopyTo(region, SubjectPublicKey.HeaderBytes);
        AssertHashes(writer.Encode(), region);
    }

    [Theory]
    [InlineData(KeyKind.P256, 256)]
    [InlineData(KeyKind.P384, 384)]
    public void A_point_is_hashed_with_its_form(KeyKind kind, int bits)
    {
        byte[] region = new byte[SubjectPublicKey.RegionBytes(0, bits)];
        region[0] = (byte)kind;
        BitConverter.TryWriteBytes(region.AsSpan(2), (ushort)bits);
        new Random(bits).NextBytes(region.AsSpan(SubjectPublicKey.HeaderBytes));
        AssertHashes([4, .. region[SubjectPublicKey.HeaderBytes..]], region);
    }

    private static void AssertHashes(byte[] encoded, byte[] region)
    {
        ulong[] state = new ulong[PublicKeyHash.StateBytes / 8];
        byte[] digest = new byte[32];
        PublicKeyHash.Compute(new SubjectPublicKey(region), sha1: true, MemoryMarshal.AsBytes(state.AsSpan()), digest);
        Assert.Equal(CryptographicOperations.HashData(HashAlgorithmName.SHA1, encoded), digest[..20]);
        PublicKeyHash.Compute(new SubjectPublicKey(region), sha1: false, MemoryMarshal.AsBytes(state.AsSpan()), digest);
        Assert.Equal(SHA256.HashData(encoded), digest);
    }

    private static byte[] Digest(byte[] message, int pieceBytes)
    {
        ulong[] state = Enumerable.Repeat(0xA5A5A5A5A5A5A5A5, Sha1.StateBytes / 8).ToArray();
        byte[] digest = new byte[Sha1.DigestBytes];
        ref Sha1 sha1 = ref MemoryMarshal.AsRef<Sha1>(MemoryMarshal.AsBytes(state.AsSpan()));
        sha1.Initialize();
        foreach (byte[] piece in message.Chunk(pieceBytes))
        {
            sha1.Update(piece);
        }

        sha1.Finish(digest);
        return digest;
    }
}
