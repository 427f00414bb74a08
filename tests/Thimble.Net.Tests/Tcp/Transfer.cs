using System;
using System.Collections.Generic;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Thimble.Net.Tests.Link;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>A transfer both ways between the client and the reference peer over a faulty link, in virtual time and with a bound on all of it.</summary>
internal sealed class Transfer
{
    private const ulong MostMilliseconds = 4 * 3600_000;
    private const int MostSteps = 400_000;

    private readonly Random _random;
    private readonly byte[] _up, _down;
    private readonly List<byte> _received = [];
    private readonly SeededLink _toPeer, _toClient;
    private readonly ReferencePeer _peer;
    private readonly uint _clockOffset;
    private int _written;
    private ulong _now;
    private int _steps;

    public Transfer(int seed, LinkFaults faults, int bytes, int sendBytes, int receiveBytes, int peerBufferBytes)
    {
        _random = new Random(seed);
        _up = new byte[bytes];
        _down = new byte[bytes];
        _random.NextBytes(_up);
        _random.NextBytes(_down);
        _toPeer = new SeededLink(seed * 2, faults);
        _toClient = new SeededLink((seed * 2) + 1, faults);
        uint nearWrap = 0u - (uint)_random.Next(1, bytes * 2);
        _clockOffset = 0u - (uint)_random.Next(1, 20_000);
        _peer = new ReferencePeer(_down, 0u - (uint)_random.Next(1, bytes * 2), peerBufferBytes, 536) { ClosesFirst = seed % 2 == 0 };
        Client = new Client(sendBytes, receiveBytes) { Now = _clockOffset };
        Client.Connect(nearWrap);
    }

    public Client Client { get; }

    /// <summary>Runs to the end, which is a complete and identical transfer, or a fault that is returned.</summary>
    public FaultReason Run()
    {
        while (Client.Tcp.State != TcpState.Closed)
        {
            Assert.True(++_steps < MostSteps && _now < MostMilliseconds, $"stuck in {Client.Tcp.State} after {_now} ms and {_steps} steps, {_written} sent, {_received.Count} received");
            Step();
            Client.CheckInvariants();
        }

        _received.AddRange(Client.Read());
        _received.AddRange(Client.Read());
        FaultReason reason = Client.Tcp.Fault.Reason;
        if (reason == FaultReason.None)
        {
            Assert.True(Client.Tcp.ReceivedAll && Client.Tcp.AllAcknowledged);
            Assert.Equal(_up, _peer.Received);
            Assert.Equal(_down, _received);
        }

        Assert.Equal(_up[.._peer.Received.Count], _peer.Received);
        Assert.Equal(_down[.._received.Count], _received);
        return reason;
    }

    private void Step()
    {
        Client.Now = _clockOffset + (uint)_now;
        while (_toClient.TryReceive(_now, out byte[] frame))
        {
            Client.Receive(frame);
        }

        while (_toPeer.TryReceive(_now, out byte[] frame))
        {
            _peer.Receive(_now, frame);
        }

        UseClient();
        _peer.Consume(_random.Next(2000));
        while (Client.PollBytes() is byte[] bytes)
        {
            Assert.True(++_steps < MostSteps);
            _toPeer.Send(_now, bytes);
        }

        while (_peer.Poll(_now) is byte[] bytes)
        {
            _toClient.Send(_now, bytes);
        }

        AdvanceClock();
    }

    private void UseClient()
    {
        _written += Client.Write(_up.AsSpan(_written, Math.Min(_random.Next(1500), _up.Length - _written)));
        _received.AddRange(Client.Read(_random.Next(1500)));
        if (_written == _up.Length && Client.Tcp.State is TcpState.Established or TcpState.CloseWait)
        {
            Client.Tcp.Close();
        }
    }

    private void AdvanceClock()
    {
        uint wait = Client.Tcp.PollAt(Client.Now);
        ulong next = Math.Min(Math.Min(_toClient.NextAt, _toPeer.NextAt), _peer.NextAt);
        next = Math.Min(next, wait == uint.MaxValue ? ulong.MaxValue : _now + wait);

        // The applications look once in a while, whatever the network does.
        ulong idle = _now + (ulong)(Client.Tcp.State == TcpState.TimeWait ? 60_000 : 50);
        _now = Math.Max(_now + (next <= _now ? 1u : 0u), Math.Min(next, idle));
    }
}
