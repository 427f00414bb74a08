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

    private static readonly string[] LongMultiplies = ["umull", "smull", "umlal", "smlal", "umaal"];
    private static readonly string[] Pairs = ["ldrd", "strd", "ldm", "stm", "ldmia", "stmia", "ldmdb", "stmdb", "ldmfd", "stmfd"];
    private readonly List<string> _objections = [];

    /// <summary>How many compiled bodies were held against their attribute.</summary>
    public int Checked { get; private set; }

    /// <summary>Methods with the attribute that have no body of their own in this image.</summary>
    public List<string> InlinedOnly { get; } = [];

    public IReadOnlyList<string> Judge()
    {
        var seen = new HashSet<MethodKey>();
        foreach (CompiledMethod method in methods)
        {
            IReadOnlyList<MachineInstruction> body = code.Of(method.Symbol);
            JudgeInstructions(method, body);
            MethodKey key = MethodKey.Of(method.Method);
            if (constantTime.TryGetValue(key, out ConstantTimeRule? rule))
            {
                seen.Add(key);
                Checked++;
                JudgeConstantTime(method, rule, body);
            }
        }

        InlinedOnly.AddRange(constantTime.Where(entry => !seen.Contains(entry.Key)).Select(entry => entry.Value.Name).Order());
        return _objections;
    }

    /// <summary>Holds for all code: no floating point, and no pair of words at an address that may not be a multiple of four.</summary>
    private void JudgeInstructions(CompiledMethod method, IReadOnlyList<MachineInstruction> body)
    {
        foreach (MachineInstruction instruction in body)
        {
            if (instruction.Name.StartsWith('v') || instruction.Name.StartsWith('f'))
            {
                Object(method, $"floating point: {instruction}");
            }
            else if (Pairs.Contains(instruction.Name) && !instruction.Operands.Contains("sp", StringComparison.Ordinal))
            {
                Object(method, $"a pair or group of words off the stack: {instruction}");
            }
        }
    }

    private void JudgeConstantTime(CompiledMethod method, ConstantTimeRule rule, IReadOnlyList<MachineInstruction> body)
    {
        var branches = new List<MachineInstruction>();
        for (int i = 0; i < body.Count; i++)
        {
            MachineInstruction instruction = body[i];
            if (LongMultiplies.Contains(instruction.Name) || instruction.Symbol == "RhpLMul")
            {
                if (!rule.PublicProducts)
                {
                    Object(method, $"a long multiply in constant-time code (WideMultiply.Secret has none): {instruction} {instruction.Symbol}");
                }
            }
            else if (instruction.Name is "it" or "ite" or "itt" or "udiv" or "sdiv" or "tbb" or "tbh" || IsDivision(instruction.Symbol))
            {
                Object(method, $"an instruction whose time depends on data: {instruction} {instruction.Symbol}");
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

    private static bool IsDivision(string? symbol) =>
        symbol is not null && (symbol.Contains("_Math__Div", StringComparison.Ordinal) || symbol.Contains("_Math__Mod", StringComparison.Ordinal));

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

            if (IsConditionalBranch(body[i]) || body[i].Name is "b" or "bl" or "blx" or "bx" or "pop")
            {
                return false;
            }
        }

        return false;
    }

    private void Object(CompiledMethod method, string what) => _objections.Add($"{MethodKey.Of(method.Method)} [{method.Symbol}]: {what}");
}
