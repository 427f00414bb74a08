using System.Runtime.InteropServices;

namespace Thimble.Memory;

/// <summary>How much of one field a <see cref="FieldReader"/> has read. It is all that a structure of few fields must remember.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
public struct FieldProgress
{
    /// <summary>The field that is read next; its meaning belongs to the structure's reader, which begins at 0.</summary>
    public byte Step;

    /// <summary>How many bytes of the field have been read.</summary>
    public ushort FieldBytes;

    /// <summary>The number that the field's bytes make so far.</summary>
    public uint Value;
}
