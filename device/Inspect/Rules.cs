using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>The rules that compiled code must keep. Each says what it found, where.</summary>
internal sealed class Rules(IReadOnlyDictionary<MethodKey, ConstantTimeRule> constantTime, IReadOnlyList<CompiledMethod> methods, Listing code)
{
    /// <summary>How far a check may lead before it calls the fail-fast: it loads the reason and the address.</summary>
    private const int FailFastReach = 6;

    /// <summary>How far into a method its entry code may go: it saves registers and clears the frame.</summary>
    private const int EntryReach = 40;

    private static readonly string[] LongMultiplies = ["umull", "smull", "umlal", "smlal", "umaal"];
    private static readonly string[] Pairs = ["ldrd", "strd", "ldm", "stm", "ldmia", "stmia", "ldmdb", "stmdb", "ldmfd", "stmfd"];
    private readonly List<string> _objections = [];

    /// <summary>How many compiled bodies were held against their attribute.</summary>
    public int Checked { get; private set; }

    /// <summary>Methods with the attribute that have no body in this image: those for 64-bit machines.</summary>
    public List<string> NotReached { get; } = [];

    public IReadOnlyList<string> Judge()
    {
        var seen = new HashSet<MethodKey>();
        foreach (CompiledMethod method in methods)
        {
            IReadOnlyList<MachineInstruction> body = code.Of(method.Symbol);
            JudgeInstructions(method, body);
            MethodKey key = MethodKey.Of(method.Method);
            if (body.Count > 0 && constantTime.TryGetValue(key, out ConstantTimeRule? rule))
            {
                seen.Add(key);
                Checked++;
                JudgeConstantTime(method, rule, body);
            }
        }

        NotReached.AddRange(constantTime.Where(entry => !seen.Contains(entry.Key)).Select(entry => entry.Value.Name).Order());
        return _objections;
    }

    /// <summary>Holds for all code: no floating point, and no pair of words at an address that may not be a multiple of four.</summary>
    private void JudgeInstructions(CompiledMethod method, IReadOnlyList<MachineInstruction> body)
    {
        for (int i = 0; i < body.Count; i++)
        {
            MachineInstruction instruction = body[i];
            if (instruction.Name.StartsWith('v') || instruction.Name.StartsWith('f'))
            {
                Object(method, $"floating point: {instruction}");
            }
            else if (Pairs.Contains(instruction.Name) && !IsOnStack(body, i))
            {
                Object(method, $"a pair or group of words off the stack: {instruction}");
            }
        }
    }

    /// <summary>Off <c>sp</c> itself, or off a register that the entry code made from it to clear the frame.</summary>
    private static bool IsOnStack(IReadOnlyList<MachineInstruction> body, int index)
    {
        if (body[index].Operands.Contains("sp", StringComparison.Ordinal))
        {
            return true;
        }

        var fromStack = new HashSet<string>();
        for (int i = 0; i < Math.Min(index, EntryReach); i++)
        {
            string[] operands = body[i].Operands.Split(',', StringSplitOptions.TrimEntries);
            if (body[i].Name is "add" or "sub" or "mov" or "adds" or "subs" && operands.Length > 1 && (operands[1] == "sp" || fromStack.Contains(operands[1])))
            {
                fromStack.Add(operands[0]);
            }
        }

        return index < EntryReach && fromStack.Contains(body[index].Register);
    }

    private void JudgeConstantTime(CompiledMethod method, ConstantTimeRule rule, IReadOnlyList<MachineInstruction> body)
    {
        var branches = new List<MachineInstruction>();
        for (int i = 0; i < body.Count; i++)
        {
            MachineInstruction instruction = body[i];
            if (LongMultiplies.Contains(instruction.Name) || instruction.Symbol?.Contains("RhpLMul", StringComparison.Ordinal) == true)
            {
                if (!IsOverPublicNumbers(method))
                {
                    Object(method, $"a long multiply in constant-time code (WideMultiply.Secret has none): {instruction}");
                }
            }
            else if (instruction.Name is "it" or "ite" or "itt" or "udiv" or "sdiv" or "tbb" or "tbh" || IsDivision(instruction.Symbol))
            {
                Object(method, $"an instruction whose time depends on data: {instruction}");
            }
            else if (IsConditionalBranch(instruction) && !LeadsToFailFast(body, i))
            {
                branches.Add(instruction);
            }
        }

        if (branches.Count > rule.PublicBranches)
        {
            Object(method, $"{branches.Count} conditional branches, declared {rule.PublicBranches}: {string.Join("; ", branches)}");
        }
    }

    /// <summary>Kernels that serve both kinds take the kind of product as a type argument.</summary>
    private static bool IsOverPublicNumbers(CompiledMethod method) => method.Method.FullName.Contains("PublicProduct", StringComparison.Ordinal);

    /// <summary>By one word (divide.S) or by two (Math).</summary>
    private static bool IsDivision(string? symbol) => symbol is not null
        && (symbol.StartsWith("divide_", StringComparison.Ordinal) || symbol.StartsWith("remainder_", StringComparison.Ordinal)
            || symbol.Contains("_Math__Div", StringComparison.Ordinal) || symbol.Contains("_Math__Mod", StringComparison.Ordinal));

    private static bool IsConditionalBranch(MachineInstruction instruction) => instruction.Name is "cbz" or "cbnz"
        or "beq" or "bne" or "bcs" or "bhs" or "bcc" or "blo" or "bmi" or "bpl" or "bvs" or "bvc" or "bhi" or "bls" or "bge" or "blt" or "bgt" or "ble";

    /// <summary>Whether one side of the branch does nothing but stop the device.</summary>
    private static bool LeadsToFailFast(IReadOnlyList<MachineInstruction> body, int branch)
    {
        string target = body[branch].Operands.Split(',')[^1].Trim().Split(' ')[0];
        uint address = uint.Parse(target, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return StopsAt(body, branch + 1) || StopsAt(body, body.TakeWhile(i => i.Address < address).Count());
    }

    private static bool StopsAt(IReadOnlyList<MachineInstruction> body, int start)
    {
        for (int i = start; i < Math.Min(start + FailFastReach, body.Count); i++)
        {
            string? symbol = body[i].Symbol;
            if (symbol is not null && (symbol.Contains("ThrowHelper", StringComparison.Ordinal) || symbol.Contains("FailFast", StringComparison.Ordinal)))
            {
                return true;
            }

            if (body[i].Name is "bl" or "blx" or "bx" or "pop" || body[i].Name.StartsWith('b') || body[i].Name.StartsWith("cb", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return false;
    }

    private void Object(CompiledMethod method, string what) => _objections.Add($"{MethodKey.Of(method.Method)} [{method.Symbol}]: {what}");
}
