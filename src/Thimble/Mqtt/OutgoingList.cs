namespace Thimble;

/// <summary>A list of publications in their order, from which one can leave in the middle. Guarded by the client's lock.</summary>
internal sealed class OutgoingList
{
    public OutgoingMessage? First { get; private set; }

    public OutgoingMessage? Last { get; private set; }

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void AddLast(OutgoingMessage message)
    {
        message.Next = null;
        message.Previous = Last;
        if (Last is null)
        {
            First = message;
        }
        else
        {
            Last.Next = message;
        }

        Last = message;
        Count++;
        Bytes += message.Bytes;
    }

    public void AddFirst(OutgoingMessage message)
    {
        message.Previous = null;
        message.Next = First;
        if (First is null)
        {
            Last = message;
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
            Last = message.Previous;
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
