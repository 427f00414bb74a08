using System;
using System.IO;

namespace Thimble.Inspect;

/// <summary>An address as the linker sees it: a symbol and a distance.</summary>
internal readonly record struct Place(string Symbol, uint Offset)
{
    /// <summary>As the assembler reads it; names of generic methods hold angle brackets.</summary>
    public override string ToString() => Offset == 0 ? $"\"{Symbol}\"" : $"\"{Symbol}\"+{Offset}";
}

/// <summary>The compiler's way to form an address: <c>movw r, #low; movt r, #high; add r, pc</c>.</summary>
internal sealed record AddressLoad(int Index, int Register, Place Place)
{
    public const int Instructions = 3;
    private const uint MoveHalfRelative = 49, MoveTopRelative = 50;

    /// <summary>The load that begins at this instruction of a function, or null.</summary>
    public static AddressLoad? At(ObjectCode code, CodeFunction function, int index)
    {
        if (index + 2 >= function.Instructions.Count)
        {
            return null;
        }

        CodeInstruction low = function.Instructions[index], high = function.Instructions[index + 1], add = function.Instructions[index + 2];
        if (!Thumb.TryMoveHalf(low, out int register, out uint bottom, out bool isTop) || isTop
            || !Thumb.TryMoveHalf(high, out int second, out uint top, out isTop) || !isTop
            || !Thumb.TryAddProgramCounter(add, out int third) || register != second || register != third)
        {
            return null;
        }

        uint pc = add.Address + Thumb.ProgramCounterAhead;
        if (low.Relocation is null)
        {
            return new AddressLoad(index, register, Resolved(code, (bottom | (top << 16)) + pc));
        }

        if (low.Relocation.Type != MoveHalfRelative || high.Relocation?.Type != MoveTopRelative || low.Relocation.Symbol != high.Relocation.Symbol)
        {
            throw new InvalidDataException($"A relocation that this tool does not know: {low.Relocation} in {function.Name}");
        }

        uint addend = (uint)(short)bottom;
        return new AddressLoad(index, register, new Place(WithoutThunk(low.Relocation.Symbol.Name), addend + pc - low.Address));
    }

    /// <summary>The compiler calls what another file defines by way of a jump; the linker needs none.</summary>
    private static string WithoutThunk(string symbol)
    {
        const string Suffix = "$thunk";
        return symbol.EndsWith(Suffix, StringComparison.Ordinal) ? symbol[..^Suffix.Length] : symbol;
    }

    /// <summary>Where no relocation is left, the place is a function of the same section; its lowest bit says Thumb.</summary>
    private static Place Resolved(ObjectCode code, uint address) => code.At(address & ~1u) is CodeFunction function
        ? new Place(function.Name, 0)
        : throw new InvalidDataException($"An address that is no function's: {address:x}");
}
