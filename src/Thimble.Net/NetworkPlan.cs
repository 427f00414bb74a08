using System;
using System.Runtime.InteropServices;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Wire;

namespace Thimble.Net;

/// <summary>
/// The memory of one network, computed from its profile before anything runs. Nothing that arrives changes it, so no
/// traffic can run it out of memory.
/// </summary>
public struct NetworkPlan
{
    private NetworkHeader _header;

    /// <summary>The size of the memory, in bytes; 0 where the profile's limits do not lie within their bounds.</summary>
    public readonly int TotalBytes => _header.MagicAndVersion == 0 ? 0 : _header.OffsetOf(NetworkRegion.ReceiveBuffer + 1);

    /// <summary>The plan of <paramref name="profile"/>. Bounded work; needs no heap.</summary>
    public static NetworkPlan For(in NetworkProfile profile)
    {
        NetworkPlan plan = default;
        if (profile.IsValid)
        {
            plan._header.MagicAndVersion = NetworkHeader.Expected;
            plan._header.SendBytes = (ushort)profile.SendBufferBytes;
            plan._header.ReceiveBytes = (ushort)profile.ReceiveBufferBytes;
            plan._header.SegmentBytes = (ushort)profile.MaxSegmentBytes;
            plan._header.HostNameBytes = (ushort)profile.MaxHostNameBytes;
        }

        return plan;
    }

    /// <summary>Whether <paramref name="memory"/> begins with a plan and holds all of it.</summary>
    public static bool IsPrepared(ReadOnlySpan<byte> memory) =>
        memory.Length >= NetworkState.Bytes
        && MemoryMarshal.AsRef<NetworkHeader>(memory).MagicAndVersion == NetworkHeader.Expected
        && MemoryMarshal.AsRef<NetworkHeader>(memory).OffsetOf(NetworkRegion.ReceiveBuffer + 1) <= memory.Length;

    /// <summary>The size of a region, in bytes.</summary>
    public readonly int BytesOf(NetworkRegion region) => _header.BytesOf(region);

    /// <summary>Where a region begins, in bytes from the start of the memory.</summary>
    public readonly int OffsetOf(NetworkRegion region) => _header.OffsetOf(region);

    /// <summary>
    /// Begins a network in <paramref name="memory"/>, which lies at a multiple of 4: clears its state and writes the plan at
    /// its start. The first 16 bytes of <paramref name="secret"/> must be random and new at each start: sequence numbers,
    /// ports and identifiers come from them (RFC 6528, RFC 6056). Refused with a fault: a profile out of bounds, memory or
    /// a secret that is too short, a station that is a group.
    /// </summary>
    public readonly bool TryPrepare(Span<byte> memory, MacAddress mac, ReadOnlySpan<byte> secret, ref Fault fault)
    {
        if (TotalBytes == 0 || !mac.IsUnicast)
        {
            return Refuse(ref fault, FaultReason.NetworkProfileInvalid, 0, 0);
        }

        if (memory.Length < TotalBytes)
        {
            return Refuse(ref fault, FaultReason.BufferTooSmall, TotalBytes, memory.Length);
        }

        if (secret.Length < SipHash.KeyBytes)
        {
            return Refuse(ref fault, FaultReason.SeedUnusable, SipHash.KeyBytes, secret.Length);
        }

        memory.Slice(0, OffsetOf(NetworkRegion.SendBuffer)).Clear();
        ref NetworkState state = ref MemoryMarshal.AsRef<NetworkState>(memory);
        state.Header = _header;
        state.Interface.Station = mac;
        state.Random.Begin(secret.Slice(0, SipHash.KeyBytes));
        return true;
    }

    private static bool Refuse(ref Fault fault, FaultReason reason, int expected, int actual)
    {
        fault.Reason = reason;
        fault.Expected = (uint)expected;
        fault.Actual = (uint)actual;
        return false;
    }
}
