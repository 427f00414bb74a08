using System;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

// What servers answer, and how a lease is kept (RFC 2131 §4.4.1, §4.4.5).
internal readonly ref partial struct DhcpClient
{
    // 23 days: longer leases, and those without an end, are renewed as if they were no longer, because the clock wraps.
    private const uint MaxLeaseSeconds = 2_000_000;

    private const byte DefaultPrefixLength = 24;

    /// <summary>Takes a datagram to the client's port. False where it is no answer to what was asked last.</summary>
    public bool Receive(uint now, UdpHeader udp)
    {
        if (udp.SourcePort != ServerPort || _state.Dhcp.Phase == DhcpPhase.None
            || !DhcpMessage.TryReadReply(udp.Payload, out DhcpMessage message)
            || message.TransactionId != _state.Dhcp.TransactionId || !message.ClientStation.Is(_state.Interface.Station))
        {
            return false;
        }

        bool named = message.TryNumber(DhcpOption.ServerIdentifier, out uint server);
        bool extending = _state.Dhcp.Phase is DhcpPhase.Renewing or DhcpPhase.Rebinding;
        bool expected = extending || (_state.Dhcp.Phase == DhcpPhase.Requesting && named && server == _state.Dhcp.Server.Value);
        return message.Type switch
        {
            DhcpMessageType.Offer => _state.Dhcp.Phase == DhcpPhase.Selecting && named && TakeOffer(now, message, new Ipv4Address(server)),
            DhcpMessageType.Ack => expected && TakeLease(now, message, extending),
            DhcpMessageType.Nak => expected && TakeRefusal(now, extending),
            _ => false,
        };
    }

    /// <summary>T1, T2 or the lease's end has come, or a message of before it has to be sent again.</summary>
    private bool Extend(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = default;
        if (Instant.IsDue(now, _state.Dhcp.ExpiresAt))
        {
            LoseLease(now);
            return false;
        }

        if (_state.Dhcp.Phase == DhcpPhase.Bound)
        {
            Enter(DhcpPhase.Renewing, now);
            _state.Dhcp.TransactionId = (uint)_state.Random.Next();
        }

        bool rebinding = Instant.IsDue(now, _state.Dhcp.RebindAt);
        var path = new UdpPath { Station = MacAddress.Broadcast, Source = _state.Interface.Address, Destination = Ipv4Address.Broadcast };
        if (!rebinding)
        {
            path.Destination = _state.Dhcp.Server;
            if (!Route.IsReady(ref _state, now, path.Destination, out path.Station))
            {
                _state.Dhcp.NextAt = now + RestartMilliseconds;
                return false;
            }
        }

        _state.Dhcp.Phase = rebinding ? DhcpPhase.Rebinding : DhcpPhase.Renewing;
        WaitForHalf(now, rebinding ? _state.Dhcp.ExpiresAt : _state.Dhcp.RebindAt);
        if (!path.Station.Is(default))
        {
            frame = Message(room, path, DhcpMessageType.Request, 0, default, default);
            return true;
        }

        return false;
    }

    /// <summary>The next message leaves after half of the time that is left, but not within a minute (RFC 2131 §4.4.5).</summary>
    private void WaitForHalf(uint now, uint end)
    {
        uint left = end - now;
        _state.Dhcp.NextAt = now + uint.Min(left, uint.Max(left >> 1, MinRenewalMilliseconds));
    }

    private bool TakeOffer(uint now, DhcpMessage message, Ipv4Address server)
    {
        if (!message.YourAddress.IsUnicast || !server.IsUnicast)
        {
            return false;
        }

        _state.Interface.Address = message.YourAddress;
        _state.Dhcp.Server = server;
        Enter(DhcpPhase.Requesting, now);
        return true;
    }

    private bool TakeLease(uint now, DhcpMessage message, bool extending)
    {
        if (!message.YourAddress.Is(_state.Interface.Address) || !TryPrefixLength(message, out byte prefixLength)
            || !message.TryNumber(DhcpOption.LeaseTime, out uint seconds) || seconds == 0)
        {
            return false;
        }

        TakeTimes(now, message, uint.Min(seconds, MaxLeaseSeconds));
        TakeParameters(message, prefixLength);
        if (extending)
        {
            Enter(DhcpPhase.Bound, _state.Dhcp.RenewAt);
        }
        else
        {
            Enter(DhcpPhase.Probing, now);
        }

        return true;
    }

    /// <summary>T1 and T2 as the server says, if they are in order, and half and seven eighths of the lease otherwise (RFC 2131 §4.4.5).</summary>
    private void TakeTimes(uint now, DhcpMessage message, uint lease)
    {
        bool told = message.TryNumber(DhcpOption.RenewalTime, out uint renewal) & message.TryNumber(DhcpOption.RebindingTime, out uint rebinding);
        bool inOrder = told && renewal > 0 && renewal < rebinding && rebinding < lease;
        uint milliseconds = lease * 1000;
        _state.Dhcp.RenewAt = now + (inOrder ? renewal * 1000 : milliseconds >> 1);
        _state.Dhcp.RebindAt = now + (inOrder ? rebinding * 1000 : milliseconds - (milliseconds >> 3));
        _state.Dhcp.ExpiresAt = now + milliseconds;
    }

    private void TakeParameters(DhcpMessage message, byte prefixLength)
    {
        _state.Interface.PrefixLength = prefixLength;
        _ = message.TryNumber(DhcpOption.Router, out uint router);
        _state.Interface.Gateway = new Ipv4Address(router);
        if (!_state.Interface.NameServerIsFixed && message.TryNumber(DhcpOption.NameServer, out uint server))
        {
            _state.Interface.NameServer = new Ipv4Address(server);
        }
    }

    /// <summary>A mask is ones and then zeros; a server that sends none means a link of 256.</summary>
    private static bool TryPrefixLength(DhcpMessage message, out byte prefixLength)
    {
        prefixLength = DefaultPrefixLength;
        if (!message.TryNumber(DhcpOption.SubnetMask, out uint mask))
        {
            return true;
        }

        prefixLength = 0;
        for (uint rest = mask; rest >> 31 != 0; rest <<= 1)
        {
            prefixLength++;
        }

        return prefixLength > 0 && (prefixLength == 32 || mask << prefixLength == 0);
    }

    private bool TakeRefusal(uint now, bool extending)
    {
        if (extending)
        {
            LoseLease(now);
        }

        Restart(now + RestartMilliseconds);
        return true;
    }

    private void LoseLease(uint now)
    {
        _state.Fault.Set(FaultReason.AddressLost, _state.Interface.Address.Value);
        AddressLoss.Apply(ref _state);
        Restart(now);
    }
}
