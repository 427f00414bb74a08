using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// The premaster secret of the suites with a key that was shared beforehand: what the key agreement gave (RFC 5489 §2), or as
/// many zeros as the key has bytes (RFC 4279 §2), and the key, each behind its length. Leaks: both lengths.
/// </summary>
internal static class PskPremaster
{
    private const int MaxKeyBytes = (int)ConnectionStart.MaxSharedKeyBytes;

    /// <summary>What the profile's suites need, where its groups give secrets of at most <paramref name="secretBytes"/>.</summary>
    public static int RegionBytes(in Profile profile, int secretBytes)
    {
        int zeros = CipherSuite.Offers(profile, KeyExchange.Psk) ? MaxKeyBytes : 0;
        int agreed = CipherSuite.Offers(profile, KeyExchange.EcdhePsk) ? secretBytes : 0;
        int longest = zeros > agreed ? zeros : agreed;
        return longest == 0 ? 0 : longest + MaxKeyBytes + (2 * sizeof(ushort));
    }

    /// <summary>Puts it together in the region, where the agreed secret stands at the start. Returns it.</summary>
    public static Span<byte> Compose(scoped in Connection connection, int agreedBytes)
    {
        ReadOnlySpan<byte> key = connection.SharedKey.Key;
        bool alone = connection.State.SuiteFacts.KeyExchange == KeyExchange.Psk;
        int otherBytes = alone ? key.Length : agreedBytes;
        Span<byte> premaster = connection.Buffer[RegionId.PremasterSecret].Slice(0, otherBytes + key.Length + (2 * sizeof(ushort)));
        Span<byte> other = premaster.Slice(sizeof(ushort), otherBytes);
        if (alone)
        {
            other.Clear();
        }
        else
        {
            premaster.Slice(0, otherBytes).CopyTo(other);
        }

        BinaryPrimitives.WriteUInt16BigEndian(premaster, (ushort)otherBytes);
        BinaryPrimitives.WriteUInt16BigEndian(premaster.Slice(sizeof(ushort) + otherBytes), (ushort)key.Length);
        key.CopyTo(premaster.Slice(premaster.Length - key.Length));
        return premaster;
    }
}
