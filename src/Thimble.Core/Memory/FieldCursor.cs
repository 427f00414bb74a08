using System.Runtime.InteropServices;

namespace Thimble.Memory;

/// <summary>What a <see cref="FieldReader"/> must remember between calls, and what the reader of a structure with lists counts.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct FieldCursor
{
    /// <summary>Where the structure stands in the field that is read next.</summary>
    public FieldProgress Field;

    /// <summary>A count that the structure's reader keeps: what is left of a list.</summary>
    public uint ListLeft;

    /// <summary>A count that the structure's reader keeps: what is left of an element.</summary>
    public uint ElementLeft;

    /// <summary>The field that is read next; its meaning belongs to the structure's reader, which begins at 0.</summary>
    public byte Step
    {
        readonly get => Field.Step;
        set => Field.Step = value;
    }

    /// <summary>How many bytes of the field have been read.</summary>
    public readonly ushort FieldBytes => Field.FieldBytes;
}
