using System;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

/// <summary>
/// One question for the time (RFC 4330), asked three times, after 2 and 4 s. The answer must come from where the question
/// went and bring its nonce back, which is new each time. The checksum of UDP is required.
/// </summary>
internal readonly ref struct SntpClient
{
    private const byte MaxAttempts = 3;
    private const uint FirstWaitMilliseconds = 2000;
    private const uint PatienceMilliseconds = FirstWaitMilliseconds * ((1 << MaxAttempts) - 1);

    private readonly ref NetworkState _state;

    public SntpClient(ref NetworkState state) => _state = ref state;

    public void Begin(uint now, Ipv4Address server, ushort port)
    {
        ref SntpState sntp = ref _state.Sntp;
        sntp.Server = server;
        sntp.ServerPort = port;
        sntp.LocalPort = (ushort)(0xC000 | (uint)_state.Random.Next());
        sntp.Attempts = 0;
        sntp.NextAt = now;
        sntp.Status = QueryStatus.InProgress;
    }

    /// <summary>The question is not due while an answer to ARP, or an address, is waited for.</summary>
    public uint PollAt(uint now) => uint.Min(QuestionAt(now), _state.Sntp.AdvanceAt(now));

    public bool Poll(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = default;
        if (QuestionAt(now) != 0)
        {
            return false;
        }

        ref SntpState sntp = ref _state.Sntp;
        if (sntp.Attempts == MaxAttempts)
        {
            Fail(FaultReason.TimeNoAnswer, PatienceMilliseconds);
            return false;
        }

        var path = new UdpPath { Source = _state.Interface.Address, Destination = sntp.Server };
        if (!Route.IsReady(ref _state, now, path.Destination, out path.Station))
        {
            return false;
        }

        sntp.SentAt = now;
        sntp.NextAt = now + (FirstWaitMilliseconds << sntp.Attempts);
        sntp.Attempts++;
        if (!path.Station.IsUnicast)
        {
            NetworkCounters.Count(ref _state.Counters.NoRoute);
            return false;
        }

        path.SourcePort = sntp.LocalPort;
        path.DestinationPort = sntp.ServerPort;
        SntpPacket.WriteRequest(room.Slice(UdpPath.HeaderBytes), Nonce);
        frame = path.Frame(room, _state.Interface.Station, SntpPacket.Bytes, default, default);
        return true;
    }

    /// <summary>Takes a datagram. False where it is no answer to the latest question.</summary>
    public bool Receive(uint now, Ipv4Address source, UdpHeader udp)
    {
        ref SntpState sntp = ref _state.Sntp;
        if (sntp.Status != QueryStatus.InProgress || sntp.Attempts == 0 || udp.DestinationPort != sntp.LocalPort
            || udp.SourcePort != sntp.ServerPort || !source.Is(sntp.Server) || !udp.HasChecksum
            || !SntpPacket.TryReadReply(udp.Payload, out SntpPacket packet) || packet.Originate != Nonce)
        {
            return false;
        }

        if (!packet.IsFit)
        {
            Fail(FaultReason.TimeServerUnfit, packet.Stratum);
            return true;
        }

        // The answer was half the round trip on its way (RFC 4330 §5).
        sntp.Seconds = packet.UnixSeconds;
        sntp.SecondsAt = now - ((now - sntp.SentAt) >> 1) - packet.Milliseconds;
        sntp.Status = QueryStatus.Done;
        return true;
    }

    /// <summary>What the latest question carries: it follows from when and from which port it was sent, and is not kept.</summary>
    private ulong Nonce => _state.Random.Of(new Subject
    {
        Kind = SubjectKind.Time, First = _state.Sntp.Server.Value, Second = _state.Sntp.SentAt, Third = _state.Sntp.LocalPort,
    });

    private uint QuestionAt(uint now)
    {
        ref SntpState sntp = ref _state.Sntp;
        bool waits = sntp.Status != QueryStatus.InProgress || !_state.Interface.IsUsable
            || (Instant.IsDue(now, sntp.NextAt) && Route.IsHeld(_state, now, sntp.Server));
        return waits ? uint.MaxValue : Instant.Until(now, sntp.NextAt);
    }

    private void Fail(FaultReason reason, uint actual)
    {
        _state.Fault.Set(reason, actual);
        _state.Sntp.Status = QueryStatus.Failed;
    }
}
