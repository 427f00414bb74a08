using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>
/// Which function's address a register holds where it is called: constants carried forward through registers, and through
/// the stack slots in which the compiler keeps a register for a while (it gives no such slot's address away).
/// </summary>
internal sealed class Constants
{
    private static readonly string[] Names = ["r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "sl", "fp", "ip", "sp", "lr", "pc"];
    private static readonly string[] Scratch = ["r0", "r1", "r2", "r3", "ip", "lr"];
    private static readonly string[] WriteNothing = ["cmp", "cmn", "tst", "teq", "nop", "udf", "bkpt", "push", "b", "bx", "cbz", "cbnz"];
    private readonly Dictionary<uint, Dictionary<string, Place>> _before = [];

    private Constants()
    {
    }

    public static string Name(int register) => Names[register];

    public static Constants Of(ObjectCode code, CodeFunction function)
    {
        var constants = new Constants();
        var indices = function.Instructions.Select((instruction, index) => (instruction.Address, index)).ToDictionary(pair => pair.Address, pair => pair.index);
        var waiting = new Queue<int>([0]);
        constants._before[function.Start] = [];
        while (waiting.TryDequeue(out int index))
        {
            var state = new Dictionary<string, Place>(constants._before[function.Instructions[index].Address]);
            for (bool ends = false; !ends && index < function.Instructions.Count;)
            {
                CodeInstruction instruction = function.Instructions[index];
                AddressLoad? load = AddressLoad.At(code, function, index);
                index += load is null ? 1 : AddressLoad.Instructions;
                if (load is null)
                {
                    Apply(instruction.Text, state);
                }
                else
                {
                    state[Name(load.Register)] = load.Place;
                }

                if (Thumb.TryBranch(instruction, out int condition, out uint target))
                {
                    if (indices.TryGetValue(target, out int to) && constants.Meet(target, state))
                    {
                        waiting.Enqueue(to);
                    }

                    ends = condition == 14;
                }

                ends |= index >= function.Instructions.Count || EndsFlow(instruction);
                if (!ends && !constants.Meet(function.Instructions[index].Address, state))
                {
                    ends = true;
                }
            }
        }

        return constants;
    }

    /// <summary>What a register holds before the instruction at an address, if it is one constant on every way there.</summary>
    public Place? Before(uint address, int register) =>
        _before.TryGetValue(address, out Dictionary<string, Place>? state) && state.TryGetValue(Name(register), out Place place) ? place : null;

    /// <summary>The registers that an instruction names.</summary>
    public static bool Mentions(MachineInstruction instruction, int register) => instruction.Registers().Contains(Name(register));

    public static bool EndsFlow(CodeInstruction instruction) => instruction.Text.Name == "udf"
        || (Thumb.TryBranchToRegister(instruction, out _, out bool links) && !links)
        || (instruction.Text.Name is "pop" or "ldmia" && instruction.Text.Operands.Contains("pc", StringComparison.Ordinal));

    /// <summary>Joins what is known on another way to an address; true where that leaves less, or something for the first time.</summary>
    private bool Meet(uint address, Dictionary<string, Place> state)
    {
        if (!_before.TryGetValue(address, out Dictionary<string, Place>? known))
        {
            _before[address] = new Dictionary<string, Place>(state);
            return true;
        }

        string[] gone = [.. known.Where(entry => !state.TryGetValue(entry.Key, out Place place) || place != entry.Value).Select(entry => entry.Key)];
        Array.ForEach(gone, key => known.Remove(key));
        if (gone.Length == 0)
        {
            return false;
        }

        state.Clear();
        foreach ((string key, Place place) in known)
        {
            state[key] = place;
        }

        return true;
    }

    private static void Apply(MachineInstruction instruction, Dictionary<string, Place> state)
    {
        string[] operands = instruction.Operands.Split(", ", 2);
        if (instruction.Name == "str" && IsSlot(operands[^1]))
        {
            Put(state, operands[^1], state.TryGetValue(operands[0], out Place stored) ? stored : null);
            return;
        }

        Place? moved = instruction.Name is "mov" or "ldr" && operands.Length == 2 && state.TryGetValue(operands[1], out Place place) ? place : null;
        foreach (string written in Written(instruction))
        {
            state.Remove(written);
            if (written == "sp")
            {
                ForgetSlots(state);
            }
        }

        if (instruction.Name.StartsWith("st", StringComparison.Ordinal) && instruction.Operands.Contains("sp", StringComparison.Ordinal))
        {
            ForgetSlots(state);
        }

        if (moved is not null)
        {
            state[operands[0]] = moved.Value;
        }
    }

    private static bool IsSlot(string operand) => operand.StartsWith("[sp", StringComparison.Ordinal) && operand.EndsWith(']');

    private static void Put(Dictionary<string, Place> state, string key, Place? place)
    {
        state.Remove(key);
        if (place is not null)
        {
            state[key] = place.Value;
        }
    }

    private static void ForgetSlots(Dictionary<string, Place> state) =>
        Array.ForEach([.. state.Keys.Where(key => key[0] == '[')], key => state.Remove(key));

    private static IEnumerable<string> Written(MachineInstruction instruction)
    {
        string name = instruction.Name, operands = instruction.Operands;
        if (name is "bl" or "blx")
        {
            return Scratch;
        }

        IEnumerable<string> registers = instruction.Registers();
        bool writesBase = operands.Contains('!') || operands.Contains("], ", StringComparison.Ordinal);
        if (name.StartsWith("st", StringComparison.Ordinal))
        {
            return writesBase ? registers : [];
        }

        if (name is "push" or "pop" || name.StartsWith("ldm", StringComparison.Ordinal))
        {
            return [.. registers, "sp"];
        }

        if (WriteNothing.Contains(name) || Thumb.Conditions.Contains(name[1..]) && name[0] == 'b')
        {
            return [];
        }

        return writesBase || name is "umull" or "smull" or "umlal" or "smlal" or "ldrd" ? registers : registers.Take(1);
    }
}
