namespace Thimble;

/// <summary>A list of publications in their order, from which one can leave in the middle. Guarded by the client's lock.</summary>
internal sealed class OutgoingList
{
    private OutgoingMessage? _last;

    public OutgoingMessage? First { get; private set; }

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void AddLast(OutgoingMessage message)
    {
        message.Next = null;
        message.Previous = _last;
        if (_last is null)
        {
            First = message;
        }
        else
        {
            _last.Next = message;
        }

        _last = message;
        Count++;
        Bytes += message.Bytes;
    }

    public void AddFirst(OutgoingMessage message)
    {
        message.Previous = null;
        message.Next = First;
        if (First is null)
        {
            _last = message;
        }
        else
        {
            First.Previous = message;
        }

        First = message;
        Count++;
        Bytes += message.Bytes;
    }

    public void Remove(OutgoingMessage message)
    {
        if (message.Previous is null)
        {
            First = message.Next;
        }
        else
        {
            message.Previous.Next = message.Next;
        }

        if (message.Next is null)
        {
            _last = message.Previous;
        }
        else
        {
            message.Next.Previous = message.Previous;
        }

        message.Next = message.Previous = null;
        Count--;
        Bytes -= message.Bytes;
    }
}
