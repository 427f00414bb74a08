using System;
using System.Collections.Generic;

namespace Thimble;

/// <summary>
/// Keeps the sessions of connections that were made, so that the next connection to the same name with the same credentials
/// resumes one: give one cache to all <see cref="TlsConnectionOptions"/>. A session is given out once (RFC 8446 §C.4), the connection
/// that resumed it brings the next one. Sessions are secrets: they lie outside the garbage-collected heap, and are wiped
/// when they are taken, pushed out or disposed of. Safe for concurrent use.
/// </summary>
public sealed class SessionCache : IDisposable
{
    private readonly object _gate = new();
    private readonly int _capacity;
    private readonly LinkedList<(UInt128 Binding, PlanBuffer Bytes)> _sessions = []; // the newest first
    private bool _disposed;

    /// <summary>Makes a cache that keeps no more than <paramref name="capacity"/> sessions, the newest.</summary>
    public SessionCache(int capacity = 32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
    }

    /// <summary>How many sessions are kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Wipes all sessions. Nothing is kept from then on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_sessions.Last is not null)
            {
                Remove(_sessions.Last).Dispose();
            }
        }
    }

    /// <summary>Keeps a session; one with the same binding gives way. The cache owns the buffer, which holds nothing else.</summary>
    internal void Keep(UInt128 binding, PlanBuffer session)
    {
        lock (_gate)
        {
            Take(binding)?.Dispose();
            if (_disposed)
            {
                session.Dispose();
                return;
            }

            _sessions.AddFirst((binding, session));
            if (_sessions.Count > _capacity)
            {
                Remove(_sessions.Last!).Dispose();
            }
        }
    }

    /// <summary>Takes the session with that binding out, or gives null. The caller owns the buffer.</summary>
    internal PlanBuffer? Take(UInt128 binding)
    {
        lock (_gate)
        {
            for (LinkedListNode<(UInt128 Binding, PlanBuffer Bytes)>? node = _sessions.First; node is not null; node = node.Next)
            {
                if (node.Value.Binding == binding)
                {
                    return Remove(node);
                }
            }

            return null;
        }
    }

    /// <summary>Wipes that session, unless it was taken or has given way: it must not be resumed.</summary>
    internal void Drop(PlanBuffer session)
    {
        lock (_gate)
        {
            for (LinkedListNode<(UInt128 Binding, PlanBuffer Bytes)>? node = _sessions.First; node is not null; node = node.Next)
            {
                if (ReferenceEquals(node.Value.Bytes, session))
                {
                    Remove(node).Dispose();
                    return;
                }
            }
        }
    }

    private PlanBuffer Remove(LinkedListNode<(UInt128 Binding, PlanBuffer Bytes)> node)
    {
        _sessions.Remove(node);
        return node.Value.Bytes;
    }
}
