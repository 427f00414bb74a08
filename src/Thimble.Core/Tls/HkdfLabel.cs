using System;
using System.Buffers.Binary;
using Thimble.Crypto;

namespace Thimble.Tls;

/// <summary>HKDF-Expand-Label (RFC 8446 §7.1). Labels are given whole, <c>tls13 </c> included. Leaks: the algorithm and all lengths.</summary>
internal static class HkdfLabel
{
    /// <summary>The longest HkdfLabel in use: two lengths, "tls13 c hs traffic" and a digest of 48 bytes, to a multiple of eight.</summary>
    private const int MaxInfoBytes = 72;

    /// <summary>The scratch of one call.</summary>
    public static int ScratchBytes(HashAlgorithm algorithm) => MaxInfoBytes + Hkdf.ScratchBytes(algorithm);

    /// <summary>Fills <paramref name="output"/>, which overlaps neither the secret nor the scratch.</summary>
    public static void Expand(
        HashAlgorithm algorithm, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output, Span<byte> scratch)
    {
        Span<byte> info = scratch.Slice(0, 2 + 1 + label.Length + 1 + context.Length);
        BinaryPrimitives.WriteUInt16BigEndian(info, (ushort)output.Length);
        info[2] = (byte)label.Length;
        label.CopyTo(info.Slice(3));
        info[3 + label.Length] = (byte)context.Length;
        context.CopyTo(info.Slice(4 + label.Length));
        Hkdf.Expand(algorithm, secret, info, output, scratch.Slice(MaxInfoBytes));
    }
}
