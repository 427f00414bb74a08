using System.Runtime.InteropServices;

namespace Thimble.Memory;

/// <summary>What a <see cref="FieldReader"/> must remember between calls: where it stands in a structure.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FieldCursor
{
    /// <summary>The field that is read next; its meaning belongs to the structure's reader, which begins at 0.</summary>
    public byte Step;

    /// <summary>How many bytes of the field have been read.</summary>
    public ushort FieldBytes;

    /// <summary>The number that the field's bytes make so far.</summary>
    public uint Value;

    /// <summary>A count that the structure's reader keeps: what is left of a list.</summary>
    public uint ListLeft;

    /// <summary>A count that the structure's reader keeps: what is left of an element.</summary>
    public uint ElementLeft;
}
