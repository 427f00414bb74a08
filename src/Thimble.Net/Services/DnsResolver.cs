using System;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

/// <summary>
/// One question to a name server (RFC 1035), from a random port with a random identifier (RFC 5452 §9). It is asked four
/// times, after 1, 2 and 4 s, with the same two, so that a late answer still counts and a guesser has one chance in 2^30 a
/// packet. No cache: the answer is used at once. Answers without a UDP checksum are taken (RFC 768).
/// </summary>
internal readonly ref struct DnsResolver
{
    private const byte MaxAttempts = 4;
    private const uint FirstWaitMilliseconds = 1000;
    private const uint PatienceMilliseconds = FirstWaitMilliseconds * ((1 << MaxAttempts) - 1);

    private readonly ref NetworkState _state;
    private readonly Span<byte> _name;

    public DnsResolver(ref NetworkState state, Span<byte> name)
    {
        _state = ref state;
        _name = name;
    }

    public void Begin(uint now, ReadOnlySpan<byte> name)
    {
        _state.Dns = default;
        if (Ipv4Address.TryParse(name, out Ipv4Address address))
        {
            _state.Dns.Resolved = address;
            _state.Dns.Status = QueryStatus.Done;
            return;
        }

        ushort limit = _state.Header.HostNameBytes;
        if (name.Length > limit || !DnsName.TryWrite(_name, name, out int bytes))
        {
            Fail(FaultReason.NetworkProfileInvalid, (uint)name.Length, limit);
            return;
        }

        ulong random = _state.Random.Next();
        _state.Dns.NameBytes = (byte)bytes;
        _state.Dns.Id = (ushort)random;
        _state.Dns.LocalPort = (ushort)(0xC000 | (uint)(random >> 32));
        _state.Dns.NextAt = now;
        _state.Dns.Status = QueryStatus.InProgress;
    }

    /// <summary>Nothing while an answer to ARP, or an address, is waited for.</summary>
    public uint PollAt(uint now)
    {
        bool waits = _state.Dns.Status != QueryStatus.InProgress || !_state.Interface.IsUsable
            || (Instant.IsDue(now, _state.Dns.NextAt) && Route.IsHeld(_state, now, _state.Interface.NameServer));
        return waits ? uint.MaxValue : Instant.Until(now, _state.Dns.NextAt);
    }

    public bool Poll(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = default;
        if (PollAt(now) != 0)
        {
            return false;
        }

        if (_state.Dns.Attempts == MaxAttempts)
        {
            Fail(FaultReason.DnsNoAnswer, PatienceMilliseconds);
            return false;
        }

        var path = new UdpPath { Source = _state.Interface.Address, Destination = _state.Interface.NameServer };
        if (!Route.IsReady(ref _state, now, path.Destination, out path.Station))
        {
            return false;
        }

        _state.Dns.NextAt = now + (FirstWaitMilliseconds << _state.Dns.Attempts);
        _state.Dns.Attempts++;
        if (!path.Station.IsUnicast)
        {
            NetworkCounters.Count(ref _state.Counters.NoRoute);
            return false;
        }

        path.SourcePort = _state.Dns.LocalPort;
        path.DestinationPort = _state.Interface.NameServerPort;
        DnsMessage.WriteQuery(room.Slice(UdpPath.HeaderBytes), _state.Dns.Id);
        frame = path.Frame(room, _state.Interface.Station, DnsMessage.HeaderBytes, _name.Slice(0, _state.Dns.NameBytes), DnsMessage.QuestionEnd);
        return true;
    }

    /// <summary>
    /// Takes a datagram. False where it is no answer to the open question, or malformed: anyone can send those, so the
    /// question stays open.
    /// </summary>
    public bool Receive(Ipv4Address source, UdpHeader udp)
    {
        if (_state.Dns.Status != QueryStatus.InProgress || udp.DestinationPort != _state.Dns.LocalPort
            || udp.SourcePort != _state.Interface.NameServerPort || !source.Is(_state.Interface.NameServer)
            || !DnsMessage.TryReadResponse(udp.Payload, _name.Slice(0, _state.Dns.NameBytes), out DnsMessage message)
            || message.Id != _state.Dns.Id)
        {
            return false;
        }

        if (message.IsTruncated || message.ResponseCode is not (0 or 3))
        {
            // What did not fit is asked for by TCP (RFC 7766), which is not done here: the code has the flag added.
            Fail(FaultReason.DnsServerFailed, message.ResponseCode | (message.IsTruncated ? DnsMessage.Truncated : 0u));
            return true;
        }

        Ipv4Address address = default;
        if (message.ResponseCode == 0 && !message.TryFindAddress(_state.Dns.NameBytes, out address))
        {
            return false;
        }

        if (address.IsUnicast)
        {
            _state.Dns.Resolved = address;
            _state.Dns.Status = QueryStatus.Done;
            return true;
        }

        Fail(FaultReason.DnsNameUnknown, message.ResponseCode);
        return true;
    }

    private void Fail(FaultReason reason, uint actual, ushort expected = 0)
    {
        _state.Fault.Set(reason, actual, expected);
        _state.Dns.Status = QueryStatus.Failed;
    }
}
