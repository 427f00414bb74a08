namespace Thimble.Inspect;

/// <summary>The few Thumb-2 encodings whose meaning depends on where they lie (ARMv7-M Architecture Reference Manual, A7.7).</summary>
internal static class Thumb
{
    public const int ProgramCounterAhead = 4;

    /// <summary>Conditions 0 to 13 as the assembler names them; 14 is always.</summary>
    public static readonly string[] Conditions = ["eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", ""];

    public static bool IsWide(ushort first) => first >> 11 >= 0b11101;

    public static bool TryMoveHalf(CodeInstruction i, out int register, out uint immediate, out bool top)
    {
        uint opcode = i.Encoding & 0xFBF0_8000;
        register = (int)(i.Encoding >> 8) & 15;
        immediate = ((i.Encoding >> 4) & 0xF000) | ((i.Encoding >> 15) & 0x800) | ((i.Encoding >> 4) & 0x700) | (i.Encoding & 0xFF);
        top = opcode == 0xF2C0_0000;
        return i.Bytes == 4 && opcode is 0xF240_0000 or 0xF2C0_0000;
    }

    public static bool TryAddProgramCounter(CodeInstruction i, out int register)
    {
        register = (int)((i.Encoding & 7) | ((i.Encoding >> 4) & 8));
        return i.Bytes == 2 && (i.Encoding & 0xFF78) == 0x4478;
    }

    /// <summary><c>blx register</c>, or <c>bx register</c> where it does not link.</summary>
    public static bool TryBranchToRegister(CodeInstruction i, out int register, out bool links)
    {
        register = (int)(i.Encoding >> 3) & 15;
        links = (i.Encoding & 0x80) != 0;
        return i.Bytes == 2 && (i.Encoding & 0xFF07) == 0x4700;
    }

    /// <summary>A branch to a fixed place without link: its condition (14: always) and its target.</summary>
    public static bool TryBranch(CodeInstruction i, out int condition, out uint target)
    {
        uint e = i.Encoding, from = i.Address + ProgramCounterAhead;
        condition = 14;
        target = 0;
        if (i.Bytes == 2 && e >> 12 == 0b1101 && ((e >> 8) & 15) < 14)
        {
            condition = (int)(e >> 8) & 15;
            target = from + Signed((e & 0xFF) << 1, 9);
            return true;
        }

        if (i.Bytes == 2 && e >> 11 == 0b11100)
        {
            target = from + Signed((e & 0x7FF) << 1, 12);
            return true;
        }

        if (i.Bytes == 4 && (e & 0xF800_D000) == 0xF000_8000 && ((e >> 22) & 15) < 14)
        {
            condition = (int)(e >> 22) & 15;
            target = from + Signed((Bit(e, 26) << 20) | (Bit(e, 11) << 19) | (Bit(e, 13) << 18) | ((e >> 4) & 0x3F000) | ((e << 1) & 0xFFE), 21);
            return true;
        }

        if (i.Bytes == 4 && (e & 0xF800_D000) == 0xF000_9000)
        {
            target = from + LongOffset(e);
            return true;
        }

        return false;
    }

    /// <summary><c>bl</c> to a fixed place.</summary>
    public static bool TryBranchWithLink(CodeInstruction i, out uint target)
    {
        target = i.Address + ProgramCounterAhead + LongOffset(i.Encoding);
        return i.Bytes == 4 && (i.Encoding & 0xF800_D000) == 0xF000_D000;
    }

    /// <summary>What else would read or go somewhere relative to where it lies: literals, tables, compare-and-branch, <c>bl</c>.</summary>
    public static bool DependsOnPlace(CodeInstruction i) => i.Bytes == 2
        ? i.Encoding >> 11 is 0b01001 or 0b10100 || (i.Encoding & 0xF500) == 0xB100 || (i.Encoding & 0xFF87) == 0x4687 || (i.Encoding & 0xFF78) == 0x4678
        : i.Text.Operands.Contains("pc", System.StringComparison.Ordinal) && i.Text.Name is not ("ldmia" or "pop" or "ldr") || (i.Text.Name == "ldr" && i.Text.Operands.Contains("[pc", System.StringComparison.Ordinal))
            || i.Text.Name is "tbb" or "tbh" or "bl";

    private static uint LongOffset(uint e)
    {
        uint sign = Bit(e, 26);
        uint i1 = 1 ^ Bit(e, 13) ^ sign, i2 = 1 ^ Bit(e, 11) ^ sign;
        return Signed((sign << 24) | (i1 << 23) | (i2 << 22) | ((e >> 4) & 0x3FF000) | ((e << 1) & 0xFFE), 25);
    }

    private static uint Bit(uint value, int bit) => (value >> bit) & 1;

    private static uint Signed(uint value, int bits) => (uint)((int)(value << (32 - bits)) >> (32 - bits));
}
