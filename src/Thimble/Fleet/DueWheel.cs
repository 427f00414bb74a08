using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// Tells each of many clients when something of it is due, with one timer. A client stands in the circle of ticks at the one where it will be looked at; who
/// waits longer than a turn of the circle is looked at once a turn. It also knows all clients that are alive. Safe for concurrent use.
/// </summary>
internal sealed class DueWheel : IAsyncDisposable
{
    /// <summary>How late a client may be looked at, in milliseconds: little beside a quarter of the shortest keep-alive interval, which is one second.</summary>
    public const int TickMilliseconds = 100;

    private const int Ticks = 1024;

    private readonly Lock _gate = new();
    private readonly MqttFleetClient?[] _firsts = new MqttFleetClient?[Ticks];
    private readonly List<MqttFleetClient> _due = [];
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _tick; // the last one that was looked at
    private int _turning;

    public DueWheel(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
        var tick = TimeSpan.FromMilliseconds(TickMilliseconds);
        _timer = time.CreateTimer(static wheel => ((DueWheel)wheel!).Turn(), this, tick, tick);
    }

    /// <summary>The time in milliseconds, as the sessions know it; it wraps.</summary>
    public uint Now => (uint)(long)_time.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>How many clients it knows.</summary>
    public int Count { get; private set; }

    /// <summary>Looks at <paramref name="client"/> when so many milliseconds have passed, or earlier.</summary>
    public void Add(MqttFleetClient client, uint waitMilliseconds)
    {
        lock (_gate)
        {
            Take(client);
            long ticks = Math.Clamp(((long)waitMilliseconds + TickMilliseconds - 1) / TickMilliseconds, 1, Ticks - 1);
            int place = (int)((_tick + ticks) % Ticks);
            MqttFleetClient? first = _firsts[place];
            client.Place = (short)place;
            client.Next = first;
            client.Previous = null;
            if (first is not null)
            {
                first.Previous = client;
            }

            _firsts[place] = client;
            Count++;
        }
    }

    /// <summary>Forgets <paramref name="client"/>.</summary>
    public void Remove(MqttFleetClient client)
    {
        lock (_gate)
        {
            Take(client);
        }
    }

    /// <summary>All that it knows.</summary>
    public MqttFleetClient[] ToArray()
    {
        lock (_gate)
        {
            var all = new List<MqttFleetClient>(Count);
            foreach (MqttFleetClient? first in _firsts)
            {
                for (MqttFleetClient? client = first; client is not null; client = client.Next)
                {
                    all.Add(client);
                }
            }

            return [.. all];
        }
    }

    /// <summary>Stops; who is being looked at still is.</summary>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Turn()
    {
        if (Interlocked.Exchange(ref _turning, 1) != 0)
        {
            return; // the last turn takes long
        }

        long now = (long)_time.GetElapsedTime(_start).TotalMilliseconds / TickMilliseconds;
        _tick = Math.Max(_tick, now - Ticks); // who slept for longer looks at everybody once
        while (_tick < now)
        {
            lock (_gate)
            {
                _tick++;
                for (MqttFleetClient? client = _firsts[_tick % Ticks]; client is not null; client = client.Next)
                {
                    _due.Add(client);
                }
            }

            foreach (MqttFleetClient client in _due)
            {
                client.Due();
            }

            _due.Clear();
        }

        Volatile.Write(ref _turning, 0);
    }

    private void Take(MqttFleetClient client)
    {
        if (client.Place < 0)
        {
            return;
        }

        if (client.Previous is null)
        {
            _firsts[client.Place] = client.Next;
        }
        else
        {
            client.Previous.Next = client.Next;
        }

        if (client.Next is not null)
        {
            client.Next.Previous = client.Previous;
        }

        client.Place = -1;
        client.Next = null;
        client.Previous = null;
        Count--;
    }
}
