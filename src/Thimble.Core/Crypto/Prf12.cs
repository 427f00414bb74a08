using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// The pseudorandom function of TLS 1.2 (RFC 5246 §5): P_hash over HMAC with the hash that the cipher suite names.
/// Leaks: the algorithm and all lengths.
/// </summary>
public static class Prf12
{
    /// <summary>Scratch in bytes: one running hash and A(i). 136 for SHA-256, 248 for SHA-384, 264 for SHA-512.</summary>
    public static int ScratchBytes(HashAlgorithm algorithm) => Hash.StateBytes(algorithm) + Hash.DigestBytes(algorithm);

    /// <summary>
    /// Fills <paramref name="output"/> with PRF(secret, label, seed1 + seed2). The output may overlap none of the
    /// inputs. The scratch begins at a multiple of 8 and is not wiped here. Work grows with the output's length.
    /// With a hash that the build leaves out the output is zeros. Leaks: all lengths.
    /// </summary>
    public static void Expand(
        HashAlgorithm algorithm,
        ReadOnlySpan<byte> secret,
        ReadOnlySpan<byte> label,
        ReadOnlySpan<byte> seed1,
        ReadOnlySpan<byte> seed2,
        Span<byte> output,
        Span<byte> scratch)
    {
        Span<byte> state = scratch[..Hash.StateBytes(algorithm)];
        Span<byte> a = scratch.Slice(state.Length, Hash.DigestBytes(algorithm));

        if (a.IsEmpty)
        {
            output.Clear();
            return;
        }

        // A(0) is the seed itself; A(i) = HMAC(secret, A(i-1)).
        Hmac.Initialize(algorithm, state, secret);
        AbsorbSeed(algorithm, state, label, seed1, seed2);
        Hmac.Finish(algorithm, state, secret, a);
        while (true)
        {
            Hmac.Initialize(algorithm, state, secret);
            Hmac.Update(algorithm, state, a);
            AbsorbSeed(algorithm, state, label, seed1, seed2);
            if (output.Length <= a.Length)
            {
                // A(i) is no longer needed: it makes room for the last block, of which the output may want but a part.
                Hmac.Finish(algorithm, state, secret, a);
                a[..output.Length].CopyTo(output);
                return;
            }

            Hmac.Finish(algorithm, state, secret, output);
            output = output[a.Length..];
            Hmac.Initialize(algorithm, state, secret);
            Hmac.Update(algorithm, state, a);
            Hmac.Finish(algorithm, state, secret, a);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AbsorbSeed(
        HashAlgorithm algorithm, Span<byte> state, ReadOnlySpan<byte> label, ReadOnlySpan<byte> seed1, ReadOnlySpan<byte> seed2)
    {
        Hmac.Update(algorithm, state, label);
        Hmac.Update(algorithm, state, seed1);
        Hmac.Update(algorithm, state, seed2);
    }
}
