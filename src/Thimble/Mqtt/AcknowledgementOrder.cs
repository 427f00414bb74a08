using System;

namespace Thimble;

/// <summary>
/// The acknowledgements that the broker gets when messages were dealt with, in the order in which those came ([MQTT-4.6.0-2]), of one connection. Guarded by the
/// client's lock.
/// </summary>
internal sealed class AcknowledgementOrder(int capacity)
{
    private readonly (uint Acknowledgement, bool Due)[] _entries = new (uint, bool)[capacity];
    private int _first;

    /// <summary>How many messages are not acknowledged.</summary>
    public int Count { get; private set; }

    /// <summary>Whether another message would be one too many.</summary>
    public bool IsFull => Count == _entries.Length;

    /// <summary>Takes the acknowledgement of the latest message, and gives its place.</summary>
    public int Add(uint acknowledgement)
    {
        int place = (_first + Count++) % _entries.Length;
        _entries[place] = (acknowledgement, false);
        return place;
    }

    /// <summary>The message of that place was dealt with.</summary>
    public void Mark(int place) => _entries[place].Due = true;

    /// <summary>Shows the oldest acknowledgement, if its message was dealt with.</summary>
    public bool TryPeek(out uint acknowledgement)
    {
        acknowledgement = _entries[_first].Acknowledgement;
        return Count != 0 && _entries[_first].Due;
    }

    /// <summary>Takes it.</summary>
    public void Take()
    {
        _first = (_first + 1) % _entries.Length;
        Count--;
    }

    /// <summary>Forgets all: the connection ended.</summary>
    public void Clear()
    {
        Array.Clear(_entries);
        Count = 0;
    }
}
