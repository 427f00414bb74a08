using Mono.Cecil.Cil;

namespace Thimble.Inspect;

/// <summary>The many ways in which IL loads a 32-bit constant.</summary>
internal static class Integers
{
    public static bool TryRead(Instruction instruction, out int value)
    {
        value = instruction.OpCode.Code switch
        {
            Code.Ldc_I4 => (int)instruction.Operand,
            Code.Ldc_I4_S => (sbyte)instruction.Operand,
            Code.Ldc_I4_M1 => -1,
            >= Code.Ldc_I4_0 and <= Code.Ldc_I4_8 => instruction.OpCode.Code - Code.Ldc_I4_0,
            _ => int.MinValue,
        };
        return value != int.MinValue || instruction.OpCode.Code == Code.Ldc_I4;
    }
}
