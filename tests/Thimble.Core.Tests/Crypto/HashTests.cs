using System;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Crypto;
using Xunit;

namespace Thimble.Core.Tests.Crypto;

public sealed class HashTests
{
    public static TheoryData<HashAlgorithm> Algorithms => HashCases.Algorithms;

    // The examples that FIPS 180-2 and RFC 6234 §8.5 give for one block, two blocks and a million letters.
    [Theory]
    [InlineData(HashAlgorithm.Sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(HashAlgorithm.Sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData(HashAlgorithm.Sha384, "abc", "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7")]
    [InlineData(HashAlgorithm.Sha384, "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039")]
    [InlineData(HashAlgorithm.Sha512, "abc", "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")]
    [InlineData(HashAlgorithm.Sha512, "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu", "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909")]
    public void The_examples_of_the_standard_hold(HashAlgorithm algorithm, string message, string digest) =>
        Assert.Equal(HashCases.Hex(digest), HashCases.Digest(algorithm, Encoding.ASCII.GetBytes(message)));

    [Theory]
    [InlineData(HashAlgorithm.Sha256, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")]
    [InlineData(HashAlgorithm.Sha384, "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985")]
    [InlineData(HashAlgorithm.Sha512, "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b")]
    public void A_million_letters_in_pieces_give_the_digest_of_the_standard(HashAlgorithm algorithm, string digest)
    {
        byte[] letters = Enumerable.Repeat((byte)'a', 1_000_000).ToArray();
        Assert.Equal(HashCases.Hex(digest), HashCases.DigestInParts(algorithm, letters, Enumerable.Range(1, 999).Select(i => i * 1000 + i % 7)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_length_over_three_blocks_agrees_with_the_platform_whole_and_byte_by_byte(HashAlgorithm algorithm)
    {
        var random = new Random(20261122);
        for (int length = 0; length <= 3 * Hash.BlockBytes(algorithm) + 1; length++)
        {
            byte[] data = HashCases.Random(random, length);
            byte[] expected = HashCases.PlatformDigest(algorithm, data);
            Assert.Equal(expected, HashCases.Digest(algorithm, data));
            Assert.Equal(expected, HashCases.DigestInParts(algorithm, data, Enumerable.Range(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_two_part_split_gives_the_same_digest(HashAlgorithm algorithm)
    {
        int block = Hash.BlockBytes(algorithm);
        foreach (int length in new[] { 1, block - 9, block - 1, block, block + 1, 2 * block, 3 * block - 17 })
        {
            byte[] data = HashCases.Random(new Random(length), length);
            byte[] expected = HashCases.PlatformDigest(algorithm, data);
            for (int cut = 0; cut <= length; cut++)
            {
                Assert.Equal(expected, HashCases.DigestInParts(algorithm, data, [cut]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Any_split_gives_the_same_digest(HashAlgorithm algorithm)
    {
        Prop.ForAll<byte[], int[]>((data, seeds) =>
            HashCases.Digest(algorithm, data).AsSpan().SequenceEqual(
                HashCases.DigestInParts(algorithm, data, seeds.Select(seed => (int)((uint)seed % ((uint)data.Length + 1))))))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_copy_of_the_state_forks_the_hash(HashAlgorithm algorithm)
    {
        byte[] data = HashCases.Random(new Random(7), 300);
        byte[] state = HashCases.Painted(Hash.StateBytes(algorithm)), digest = new byte[Hash.DigestBytes(algorithm)];
        Hash.Initialize(algorithm, state);
        Hash.Update(algorithm, state, data.AsSpan(0, 150));
        byte[] fork = [.. state];
        Hash.Finish(algorithm, fork, digest);
        Assert.Equal(HashCases.PlatformDigest(algorithm, data[..150]), digest);
        Hash.Update(algorithm, state, data.AsSpan(150));
        Hash.Finish(algorithm, state, digest);
        Assert.Equal(HashCases.PlatformDigest(algorithm, data), digest);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Nothing_beyond_the_state_and_the_digest_is_written(HashAlgorithm algorithm)
    {
        byte[] state = HashCases.Painted(512), digest = HashCases.Painted(128);
        Hash.Initialize(algorithm, state);
        Hash.Update(algorithm, state, HashCases.Random(new Random(8), 1000));
        Hash.Finish(algorithm, state, digest);
        Assert.All(state[Hash.StateBytes(algorithm)..], b => Assert.Equal(0xa5, b));
        Assert.All(digest[Hash.DigestBytes(algorithm)..], b => Assert.Equal(0xa5, b));
    }

    [Fact]
    public void The_state_is_as_small_as_the_plan_counts_on()
    {
        Assert.Equal(104, Hash.StateBytes(HashAlgorithm.Sha256));
        Assert.Equal(200, Hash.StateBytes(HashAlgorithm.Sha384));
        Assert.Equal(200, Hash.StateBytes(HashAlgorithm.Sha512));
        Assert.Equal(Hash.StateBytes(HashAlgorithm.Sha256), Marshal.SizeOf<Sha256>());
        Assert.Equal(Hash.StateBytes(HashAlgorithm.Sha512), Marshal.SizeOf<Sha512>());
        Assert.Equal(0, Hash.StateBytes(HashAlgorithm.None) + Hash.DigestBytes(HashAlgorithm.None) + Hash.BlockBytes(HashAlgorithm.None));
    }

    // The device takes the path in memory, hosts the one in registers: both must come to the same.
    [Fact]
    public void Both_forms_of_the_SHA_512_rounds_agree()
    {
        var random = new Random(512);
        for (int i = 0; i < 1000; i++)
        {
            byte[] before = HashCases.Random(random, Sha512.StateBytes);
            byte[] inRegisters = [.. before], inMemory = [.. before];
            MemoryMarshal.AsRef<Sha512>(inRegisters.AsSpan()).RoundsInRegisters();
            MemoryMarshal.AsRef<Sha512>(inMemory.AsSpan()).RoundsInMemory();
            Assert.NotEqual(before, inRegisters);
            Assert.Equal(inRegisters, inMemory);
        }
    }
}
