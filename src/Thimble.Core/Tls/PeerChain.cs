using System;
using System.Buffers.Binary;

namespace Thimble.Tls;

/// <summary>
/// Copies the server's certificates to <see cref="TlsConfig.PeerChain"/> as they pass, for a host that shows or judges
/// them. Nothing of the engine depends on it. It begins with the number of bytes that follow, in three bytes, little-endian, and in one
/// the number of certificates that were verified: 0 until all of the chain has passed.
/// </summary>
internal static class PeerChain
{
    private const int CountBytes = 4, VerifiedOffset = 3;
    private const uint MaxCount = 0xFFFFFF;

    /// <summary>The length of the certificate that begins, in three bytes.</summary>
    public static void Begin(scoped in Connection connection, uint length)
    {
        for (int shift = 16; shift >= 0; shift -= 8)
        {
            byte next = (byte)(length >> shift);
            Append(connection, new ReadOnlySpan<byte>(in next));
        }
    }

    /// <summary>The chain is verified: so many certificates lead to the anchor or to the pinned key, and what came behind them was passed over.</summary>
    public static void End(scoped in Connection connection, int verified)
    {
        Span<byte> place = connection.Config.PeerChain;
        if (place.Length >= CountBytes)
        {
            place[VerifiedOffset] = (byte)verified;
        }
    }

    /// <summary>The next bytes of the certificate.</summary>
    public static void Append(scoped in Connection connection, ReadOnlySpan<byte> bytes)
    {
        Span<byte> place = connection.Config.PeerChain;
        if (place.Length < CountBytes)
        {
            return;
        }

        uint count = BinaryPrimitives.ReadUInt32LittleEndian(place);
        uint room = uint.Min((uint)(place.Length - CountBytes), MaxCount);
        int kept = count >= room ? 0 : (int)uint.Min(room - count, (uint)bytes.Length);
        bytes.Slice(0, kept).CopyTo(place.Slice(kept == 0 ? 0 : CountBytes + (int)count));
        BinaryPrimitives.WriteUInt32LittleEndian(place, count + (uint)kept);
    }
}
