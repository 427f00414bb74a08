using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// The hash functions of FIPS 180-4 over memory of the caller. All that a hash knows is in its state: a copy of those
/// bytes forks it. A state begins at a multiple of 8 and need not be zero; nothing here wipes it, its owner does.
/// <see cref="HashAlgorithm.None"/> is no hash, nor is one that the build leaves out (<see cref="Features"/>): it needs no memory, and to
/// hash with it is a mistake that gives no digest.
/// Leaks: the algorithm and the lengths of what is hashed, nothing of its contents.
/// </summary>
/// <remarks>What is not inlined here and above keeps the device's code and stack small: its compiler copies gladly.</remarks>
public static class Hash
{
    /// <summary>The longest digest, SHA-512's.</summary>
    public const int MaxDigestBytes = Sha512.DigestBytes;

    /// <summary>
    /// The length of a digest in bytes; 0 for <see cref="HashAlgorithm.None"/>. It is told of a hash that the build leaves
    /// out, too: limits are compared with it, and a length of 0 would pass below every limit.
    /// </summary>
    public static int DigestBytes(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => Sha256.DigestBytes,
        HashAlgorithm.Sha384 => 48,
        HashAlgorithm.Sha512 => Sha512.DigestBytes,
        _ => 0,
    };

    /// <summary>Whether the build has the hash (see <see cref="Features"/>). What signs asks, for a digest of one that is not there is what its memory held.</summary>
    public static bool IsInThisBuild(HashAlgorithm algorithm) => StateBytes(algorithm) != 0;

    /// <summary>The length of a block in bytes; 0 for <see cref="HashAlgorithm.None"/>.</summary>
    public static int BlockBytes(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => Sha256.BlockBytes,
        HashAlgorithm.Sha384 or HashAlgorithm.Sha512 when Features.Sha512 => Sha512.BlockBytes,
        _ => 0,
    };

    /// <summary>How much memory a running hash needs, in bytes: 104 for SHA-256, 200 for SHA-384 and SHA-512.</summary>
    public static int StateBytes(HashAlgorithm algorithm) => algorithm switch
    {
        HashAlgorithm.Sha256 => Sha256.StateBytes,
        HashAlgorithm.Sha384 or HashAlgorithm.Sha512 when Features.Sha512 => Sha512.StateBytes,
        _ => 0,
    };

    /// <summary>Begins a message. Bounded: no data is read.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Initialize(HashAlgorithm algorithm, Span<byte> state)
    {
        switch (algorithm)
        {
            case HashAlgorithm.Sha256:
                MemoryMarshal.AsRef<Sha256>(state).Initialize();
                break;
            case HashAlgorithm.Sha384 when Features.Sha512:
                MemoryMarshal.AsRef<Sha512>(state).Initialize384();
                break;
            case HashAlgorithm.Sha512 when Features.Sha512:
                MemoryMarshal.AsRef<Sha512>(state).Initialize512();
                break;
            default:
                break;
        }
    }

    /// <summary>Absorbs bytes of the message; any split gives the same digest. Work grows with the length of <paramref name="data"/>. Leaks: that length.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Update(HashAlgorithm algorithm, Span<byte> state, ReadOnlySpan<byte> data)
    {
        if (algorithm == HashAlgorithm.Sha256)
        {
            MemoryMarshal.AsRef<Sha256>(state).Update(data);
        }
        else if (Features.Sha512)
        {
            MemoryMarshal.AsRef<Sha512>(state).Update(data);
        }
    }

    /// <summary>
    /// Ends the message and writes its digest to the first <see cref="DigestBytes"/> of <paramref name="digest"/>.
    /// The state must be initialised before it serves again. Bounded: at most two blocks. Leaks: how many bytes were hashed.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Finish(HashAlgorithm algorithm, Span<byte> state, Span<byte> digest)
    {
        digest = digest[..DigestBytes(algorithm)];
        if (algorithm == HashAlgorithm.Sha256)
        {
            MemoryMarshal.AsRef<Sha256>(state).Finish(digest);
        }
        else if (Features.Sha512)
        {
            MemoryMarshal.AsRef<Sha512>(state).Finish(digest);
        }
    }

    /// <summary>
    /// Begins a message with one block: the key, padded with zeros, each byte masked (RFC 2104 §2). A key longer than
    /// a block is replaced by its digest. The block buffer itself is the scratch. Leaks: the key's length.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void InitializeWithKey(HashAlgorithm algorithm, Span<byte> state, ReadOnlySpan<byte> key, byte mask)
    {
        Initialize(algorithm, state);
        if (key.Length > BlockBytes(algorithm))
        {
            // The digest lands where it will be masked: a state ends with its block.
            Span<byte> digest = state.Slice(StateBytes(algorithm) - BlockBytes(algorithm), DigestBytes(algorithm));
            Update(algorithm, state, key);
            Finish(algorithm, state, digest);
            Initialize(algorithm, state);
            key = digest;
        }

        if (algorithm == HashAlgorithm.Sha256)
        {
            MemoryMarshal.AsRef<Sha256>(state).AbsorbMaskedKey(key, mask);
        }
        else if (Features.Sha512)
        {
            MemoryMarshal.AsRef<Sha512>(state).AbsorbMaskedKey(key, mask);
        }
    }

    /// <summary>Fills a block with the key, zeros behind it, and XORs the mask into each byte. The key may already lie there. Leaks: the key's length.</summary>
    [ConstantTime(PublicBranches = 6)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void MaskKey(Span<byte> block, ReadOnlySpan<byte> key, byte mask)
    {
        key.CopyTo(block);
        block[key.Length..].Clear();
        for (int i = 0; i < block.Length; i++)
        {
            block[i] ^= mask;
        }
    }
}
