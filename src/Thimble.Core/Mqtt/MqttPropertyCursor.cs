using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>How far the properties of a packet have been read.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct MqttPropertyCursor
{
    /// <summary>What it takes, in bytes.</summary>
    public const int Bytes = 24;

    /// <summary>Bytes of properties still to come.</summary>
    public uint Left;

    /// <summary>The integer that is being read; then, for a string, what of it is still to come.</summary>
    public uint Value;

    /// <summary>The properties that were read, a bit each: those up to 31.</summary>
    public uint SeenLow;

    /// <summary>A mark of the latest string's value.</summary>
    public uint Mark;

    /// <summary>The properties from 32 on that were read.</summary>
    public ushort SeenHigh;

    /// <summary>The property that is being read, or was read last.</summary>
    public MqttProperty Property;

    /// <summary>What comes next of it.</summary>
    public MqttPropertyStep Step;

    /// <summary>Bytes of an integer that were read.</summary>
    public byte IntegerBytes;

    /// <summary>How far into a character a string is.</summary>
    public Utf8State Utf8;

    /// <summary>Whether all was read.</summary>
    public readonly bool IsAtEnd => Left == 0 && Step == MqttPropertyStep.Identifier;

    /// <summary>Whether something is to be told that needs no more input: the end of a string, or that the properties are cut short.</summary>
    public readonly bool NeedsNoInput => Left == 0 || (Step >= MqttPropertyStep.Name && Value == 0);

    /// <summary>Whether a property was read.</summary>
    public readonly bool Has(MqttProperty property)
        => (((byte)property < 32 ? SeenLow >> (byte)property : (uint)SeenHigh >> ((byte)property - 32)) & 1) != 0;

    /// <summary>Begins with properties of that length.</summary>
    public void Begin(uint bytes)
    {
        this = default;
        Left = bytes;
    }

    /// <summary>Remembers that the present property was read.</summary>
    public void Note()
    {
        if ((byte)Property < 32)
        {
            SeenLow |= 1u << (byte)Property;
        }
        else
        {
            SeenHigh |= (ushort)(1u << ((byte)Property - 32));
        }
    }
}
