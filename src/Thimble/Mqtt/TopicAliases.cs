using System;
using System.Collections.Generic;

namespace Thimble;

/// <summary>The topics that a number stands for on one connection (MQTT 5 §3.3.2.3.4): the first that were published to. Guarded by the client's lock.</summary>
internal sealed class TopicAliases
{
    private readonly Dictionary<byte[], ushort> _aliases = new(new Comparer());
    private readonly Dictionary<byte[], ushort>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private int _most;

    public TopicAliases() => _lookup = _aliases.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>Forgets all, for a connection that allows <paramref name="most"/>.</summary>
    public void Reset(int most)
    {
        _aliases.Clear();
        _most = most;
    }

    /// <summary>The number of a topic, or 0. <paramref name="isNew"/>: the broker does not know it yet.</summary>
    public ushort Find(ReadOnlySpan<byte> topic, out bool isNew)
    {
        isNew = false;
        if (_most == 0)
        {
            return 0;
        }

        if (_lookup.TryGetValue(topic, out ushort alias))
        {
            return alias;
        }

        isNew = _aliases.Count < _most;
        return (ushort)(isNew ? _aliases.Count + 1 : 0);
    }

    /// <summary>The broker was told the next number.</summary>
    public void Add(ReadOnlySpan<byte> topic) => _aliases.Add(topic.ToArray(), (ushort)(_aliases.Count + 1));

    private sealed class Comparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
