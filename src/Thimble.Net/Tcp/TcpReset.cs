using System;
using System.Numerics;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>The answer to a segment that belongs to no connection.</summary>
public static class TcpReset
{
    /// <summary>
    /// Writes the RST of RFC 9293 §3.10.7.1 over the segment that asks for it; <paramref name="source"/> and
    /// <paramref name="destination"/> are those of the received packet, and the answer goes the other way. False, with
    /// nothing written, for a malformed segment and for a RST, which is never answered. Bounded by the segment's length;
    /// no state, so a flood takes no memory. The caller limits the rate.
    /// </summary>
    public static bool TryMake(Ipv4Address source, Ipv4Address destination, Span<byte> segment, out int bytes)
    {
        bytes = 0;
        if (!TcpSegment.TryRead(source, destination, segment, out TcpSegment received) || received.Has(TcpControl.Rst))
        {
            return false;
        }

        bool acknowledges = received.Has(TcpControl.Ack);
        var header = new TcpHeader
        {
            Ports = BitOperations.RotateLeft(received.Ports, 16),
            Sequence = acknowledges ? received.Acknowledgement : 0,
            Acknowledgement = acknowledges ? 0 : received.Sequence + received.Length,
            Flags = acknowledges ? TcpControl.Rst : TcpControl.Rst | TcpControl.Ack,
        };
        bytes = header.Write(segment, destination, source, default, default);
        return true;
    }
}
