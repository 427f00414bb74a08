using System;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Net.Wire;

namespace Thimble.Net.Tap;

/// <summary>A network of Thimble's at a TAP device, driven by the system's clock: what a firmware's main loop does.</summary>
internal sealed class Host : IDisposable
{
    private const int LongestFrame = 1514;
    private const int LongestWaitMilliseconds = 100;

    private readonly TapDevice _device;
    private readonly byte[] _memory;
    private readonly byte[] _frame = new byte[LongestFrame];
    private readonly byte[] _outgoing = new byte[LongestFrame];

    public Host(string device, in NetworkProfile profile)
    {
        _device = new TapDevice(device);
        NetworkPlan plan = NetworkPlan.For(profile);
        _memory = new byte[plan.TotalBytes];
        Fault fault = default;
        if (!plan.TryPrepare(_memory, new MacAddress(0x0200, 0x5E10_0001), RandomNumberGenerator.GetBytes(16), ref fault))
        {
            throw new InvalidOperationException($"The plan cannot be prepared: {fault.Reason}.");
        }
    }

    /// <summary>The time in milliseconds, as networks have it.</summary>
    public static uint Now => (uint)(Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1000));

    public Network Network => new(_memory);

    /// <summary>Receives what is there and sends what is due; waits for no longer than there is nothing to do.</summary>
    public void Turn()
    {
        Send();
        if (_device.Wait((int)uint.Min(Network.PollAt(Now), LongestWaitMilliseconds)))
        {
            int bytes = _device.Read(_frame);
            if (Network.Receive(Now, _frame.AsSpan(0, bytes), out OutgoingFrame reply))
            {
                Write(reply);
            }

            Send();
        }
    }

    /// <summary>Turns until <paramref name="isDone"/>, or fails after so many seconds.</summary>
    public void TurnUntil(Func<bool> isDone, int seconds)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isDone())
        {
            Turn();
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
            {
                throw new IOException($"Not done within {seconds} s; fault {Network.Fault.Reason}, TCP {Network.Tcp.State} {Network.Tcp.Fault.Reason}.");
            }
        }
    }

    public void Dispose() => _device.Dispose();

    private void Send()
    {
        while (Network.Poll(Now, out OutgoingFrame frame))
        {
            Write(frame);
        }
    }

    private void Write(OutgoingFrame frame)
    {
        frame.Header.CopyTo(_outgoing);
        frame.First.CopyTo(_outgoing.AsSpan(frame.Header.Length));
        frame.Second.CopyTo(_outgoing.AsSpan(frame.Header.Length + frame.First.Length));
        _device.Write(_outgoing.AsSpan(0, frame.Bytes));
    }
}
