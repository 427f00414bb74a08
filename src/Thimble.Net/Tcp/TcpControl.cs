using System;

namespace Thimble.Net.Tcp;

/// <summary>The control bits of a segment (RFC 9293 §3.1).</summary>
[Flags]
public enum TcpControl : byte
{
    /// <summary>None is set.</summary>
    None = 0,

    /// <summary>No more data from the sender.</summary>
    Fin = 0x01,

    /// <summary>Sequence numbers begin here.</summary>
    Syn = 0x02,

    /// <summary>The connection is reset.</summary>
    Rst = 0x04,

    /// <summary>The sender has no more to add at present.</summary>
    Psh = 0x08,

    /// <summary>The acknowledgement number means something.</summary>
    Ack = 0x10,

    /// <summary>The urgent pointer means something; nobody here asks (RFC 6093 §5).</summary>
    Urg = 0x20,
}
