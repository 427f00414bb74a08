using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>How far a resumable operation came: its first 8 bytes, all zero at the beginning.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct EcProgress
{
    /// <summary>Bytes of the header.</summary>
    public const int Bytes = 8;

    /// <summary>The stage, numbered by each operation.</summary>
    public byte Stage;

    /// <summary>The stage within the self-check of a signature.</summary>
    public byte CheckStage;

    /// <summary>How many pieces of the stage are done.</summary>
    public ushort Index;

    /// <summary>The odd digit of a public scalar that waits to be added; 0 for none.</summary>
    public sbyte DigitG, DigitQ;

    /// <summary>How many doublings it waits for.</summary>
    public byte WaitG, WaitQ;

    /// <summary>The header of an operation.</summary>
    public static ref EcProgress Of(Span<byte> operation) => ref MemoryMarshal.AsRef<EcProgress>(operation);

    /// <summary>Goes on to the next stage where this one is finished.</summary>
    public void NextWhen(bool finished)
    {
        if (finished)
        {
            Stage++;
            Index = 0;
        }
    }
}
