using System;
using System.Buffers.Binary;
using Thimble.X509;
using Xunit;

namespace Thimble.Core.Tests.X509;

/// <summary>The key section of a ROM image: each kind has one length here and one elsewhere, and nothing else opens.</summary>
public sealed class PrivateKeyTests
{
    [Theory]
    [InlineData(KeyKind.P256, 256, 96, 64)]
    [InlineData(KeyKind.P384, 384, 144, 96)]
    [InlineData(KeyKind.Ed25519, 256, 64, 32)]
    [InlineData(KeyKind.Rsa, 2048, 896, 256)]
    [InlineData(KeyKind.Rsa, 4096, 1792, 512)]
    [InlineData(KeyKind.Rsa, 2050, -1, 264)] // primes of such a key are of no length that is signed with, and its modulus is padded
    public void Each_kind_has_one_length_here_and_one_elsewhere(KeyKind kind, int bits, int here, int elsewhere)
    {
        for (int place = 0; place < 3; place++)
        {
            for (int bytes = 0; bytes < 1900; bytes++)
            {
                byte[] key = new byte[8 + bytes];
                key[0] = (byte)kind;
                key[1] = (byte)place;
                BinaryPrimitives.WriteUInt16LittleEndian(key.AsSpan(2), (ushort)bits);
                Assert.Equal((place == 0 && bytes == here) || (place == 1 && bytes == elsewhere), PrivateKey.HasShape(key));
                if (PrivateKey.HasShape(key))
                {
                    Assert.Equal(elsewhere, new PrivateKey(key).Public.Length);
                    Assert.Equal(place == 1, new PrivateKey(key).IsElsewhere);
                }
            }
        }
    }

    [Theory]
    [InlineData(KeyKind.P256, 384)]
    [InlineData(KeyKind.P384, 256)]
    [InlineData(KeyKind.Ed25519, 255)]
    [InlineData(KeyKind.Rsa, 512)]
    [InlineData((KeyKind)99, 256)]
    [InlineData(KeyKind.None, 0)]
    public void A_kind_of_another_size_has_none(KeyKind kind, int bits)
    {
        for (int bytes = 8; bytes < 300; bytes++)
        {
            for (byte place = 0; place < 2; place++)
            {
                byte[] key = new byte[bytes];
                key[0] = (byte)kind;
                key[1] = place;
                BinaryPrimitives.WriteUInt16LittleEndian(key.AsSpan(2), (ushort)bits);
                Assert.False(PrivateKey.HasShape(key));
                Assert.False(PrivateKey.HasShape(key.AsSpan(0, 7)));
            }
        }

        Assert.True(PrivateKey.HasShape([]));
    }
}
