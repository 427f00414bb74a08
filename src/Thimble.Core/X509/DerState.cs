using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.X509;

/// <summary>What a <see cref="DerReader"/> must remember while it waits for input. The memory need not be zero before <see cref="DerReader.Begin"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DerState
{
    /// <summary>Where each open element ends; the first is the whole input.</summary>
    public DerEnds Ends;

    /// <summary>How many bytes have passed.</summary>
    public uint Position;

    /// <summary>The length of the element whose header was read last.</summary>
    public uint Length;

    /// <summary>The first bytes of the primitive element that was read last.</summary>
    public DerAtom Atom;

    /// <summary>How many elements are open.</summary>
    public byte Depth;

    /// <summary>The tag of the element whose header was read last.</summary>
    public byte Tag;

    /// <summary>How far the header has come.</summary>
    public DerStage Stage;

    /// <summary>How many bytes of a long length are still to come, and in the high nibble how many there are in all.</summary>
    public byte LengthBytes;
}

/// <summary>How far the current element has come.</summary>
internal enum DerStage : byte
{
    /// <summary>A tag comes next, or the end of the open element.</summary>
    Tag,

    /// <summary>The first length octet comes next.</summary>
    Length,

    /// <summary>Further length octets come next.</summary>
    LongLength,

    /// <summary>The header is known and nobody has opened the element yet.</summary>
    Header,

    /// <summary>A primitive element is open and its contents pass.</summary>
    Contents,
}

/// <summary>One end for the input and each level down to the base of a GeneralSubtree: the deepest that RFC 5280 goes here.</summary>
[InlineArray(Levels)]
internal struct DerEnds
{
    public const int Levels = 11;

    private uint _end;
}

/// <summary>Room for an IPv6 address or a GeneralizedTime, the longest elements that are looked at whole.</summary>
[InlineArray(Bytes)]
internal struct DerAtom
{
    public const int Bytes = 16;

    private byte _first;
}
