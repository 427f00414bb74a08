namespace Thimble.Net.Tcp;

/// <summary>A segment that is due: what the header says, and which bytes of the send ring follow it.</summary>
internal struct TcpDue
{
    /// <summary>SEG.SEQ.</summary>
    public uint Sequence;

    /// <summary>Where the data begins, counted from the first unacknowledged byte.</summary>
    public ushort Offset;

    /// <summary>The bytes of data.</summary>
    public ushort Bytes;

    /// <summary>The control bits.</summary>
    public TcpControl Flags;

    /// <summary>Whether one of the bits is set.</summary>
    public readonly bool Has(TcpControl flag) => (Flags & flag) != 0;

    /// <summary>SEG.LEN.</summary>
    public readonly uint Length => Bytes + (Has(TcpControl.Syn) ? 1u : 0) + (Has(TcpControl.Fin) ? 1u : 0);
}
