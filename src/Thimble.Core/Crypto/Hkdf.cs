using System;

namespace Thimble.Crypto;

/// <summary>HKDF (RFC 5869). The scratch begins at a multiple of 8 and is not wiped here. Leaks: the algorithm and all lengths.</summary>
public static class Hkdf
{
    /// <summary>Scratch of both steps in bytes: one running hash and one block. 136 for SHA-256, 248 for SHA-384, 264 for SHA-512.</summary>
    public static int ScratchBytes(HashAlgorithm algorithm) => Hash.StateBytes(algorithm) + Hash.DigestBytes(algorithm);

    /// <summary>
    /// Writes the pseudorandom key to the first <see cref="Hash.DigestBytes"/> of <paramref name="pseudorandomKey"/>
    /// (RFC 5869 §2.2), which may overlap the input keying material but not the salt. No salt is an empty one.
    /// Leaks: all lengths.
    /// </summary>
    public static void Extract(
        HashAlgorithm algorithm,
        ReadOnlySpan<byte> salt,
        ReadOnlySpan<byte> inputKeyingMaterial,
        Span<byte> pseudorandomKey,
        Span<byte> scratch)
    {
        Hmac.Initialize(algorithm, scratch, salt);
        Hmac.Update(algorithm, scratch, inputKeyingMaterial);
        Hmac.Finish(algorithm, scratch, salt, pseudorandomKey);
    }

    /// <summary>
    /// Fills <paramref name="output"/> with keying material (RFC 5869 §2.3). It may overlap neither the key nor the
    /// info. False, and nothing is written, when more than 255 blocks are asked for. Work grows with the output's
    /// length. Leaks: all lengths.
    /// </summary>
    public static bool Expand(
        HashAlgorithm algorithm,
        ReadOnlySpan<byte> pseudorandomKey,
        ReadOnlySpan<byte> info,
        Span<byte> output,
        Span<byte> scratch)
    {
        Span<byte> state = scratch[..Hash.StateBytes(algorithm)];
        Span<byte> block = scratch.Slice(state.Length, Hash.DigestBytes(algorithm));
        if (output.Length > 255 * block.Length)
        {
            return false;
        }

        // T(i) = HMAC(PRK, T(i-1) + info + i): the counter travels in the block, which only the last T(i) fills.
        ReadOnlySpan<byte> previous = default;
        for (byte i = 1; output.Length > 0; i++)
        {
            block[0] = i;
            Hmac.Initialize(algorithm, state, pseudorandomKey);
            Hmac.Update(algorithm, state, previous);
            Hmac.Update(algorithm, state, info);
            Hmac.Update(algorithm, state, block[..1]);
            if (output.Length < block.Length)
            {
                Hmac.Finish(algorithm, state, pseudorandomKey, block);
                block[..output.Length].CopyTo(output);
                return true;
            }

            Hmac.Finish(algorithm, state, pseudorandomKey, output);
            previous = output[..block.Length];
            output = output[block.Length..];
        }

        return true;
    }
}
