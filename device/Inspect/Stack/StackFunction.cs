using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>A call or a jump to another function, and how many bytes of stack the caller has taken by then.</summary>
internal sealed record StackCall(uint Target, int Depth, MachineInstruction Instruction);

/// <summary>
/// What one function does to the stack pointer: every way through it is followed, and each instruction is reached with one
/// depth only. Whatever the analysis does not understand is an error, never a guess.
/// </summary>
internal sealed class StackFunction
{
    private readonly IReadOnlyList<MachineInstruction> _body;
    private readonly Dictionary<uint, int> _index;
    private readonly Dictionary<int, (int Depth, int? FrameDepth)> _reached = [];
    private readonly Func<uint, bool> _returns;

    private StackFunction(string name, IReadOnlyList<MachineInstruction> body, Func<uint, bool> returns)
    {
        Name = name;
        _body = body;
        _returns = returns;
        _index = body.Select((instruction, index) => (instruction.Address, index)).ToDictionary(pair => pair.Address, pair => pair.index);
    }

    public string Name { get; }

    /// <summary>The deepest that the function itself goes.</summary>
    public int Frame { get; private set; }

    public List<StackCall> Calls { get; } = [];

    /// <summary>Whether some way through it comes back, or goes on to a function that may.</summary>
    public bool Returns { get; private set; }

    /// <summary>Whether it may go back to an instruction.</summary>
    public bool Loops { get; private set; }

    /// <param name="name">For messages.</param>
    /// <param name="body">Its instructions.</param>
    /// <param name="returns">Whether the function at an address comes back.</param>
    public static StackFunction Read(string name, IReadOnlyList<MachineInstruction> body, Func<uint, bool> returns)
    {
        var function = new StackFunction(name, body, returns);
        function.Follow();
        return function;
    }

    private void Follow()
    {
        var waiting = new Stack<(int Index, int Depth, int? FrameDepth)>([(0, 0, null)]);
        while (waiting.TryPop(out var at))
        {
            (int index, int depth, int? frame) = at;
            while (Enter(index, depth, frame))
            {
                MachineInstruction instruction = _body[index];
                if (Target(instruction) is uint target)
                {
                    if (_index.TryGetValue(target, out int to) && instruction.Name != "bl")
                    {
                        waiting.Push((to, depth, frame));
                        Loops |= to <= index;
                    }
                    else
                    {
                        Calls.Add(new StackCall(target, depth, instruction));
                        Returns |= instruction.Name != "bl" && _returns(target);
                    }

                    if (instruction.Name == "b" || (instruction.Name == "bl" && !_returns(target)))
                    {
                        break;
                    }
                }
                else if (Ends(instruction))
                {
                    break;
                }
                else
                {
                    (depth, frame) = After(index, depth, frame);
                    Frame = Math.Max(Frame, depth);
                }

                index++;
            }
        }
    }

    /// <summary>Whether an instruction is met for the first time.</summary>
    private bool Enter(int index, int depth, int? frame)
    {
        if (index >= _body.Count)
        {
            throw new InvalidDataException($"{Name} runs past its end");
        }

        if (_reached.TryAdd(index, (depth, frame)))
        {
            return true;
        }

        return _reached[index].Depth == depth
            ? false
            : throw new InvalidDataException($"{Name} reaches {_body[index]} with {depth} and with {_reached[index].Depth} bytes of stack");
    }

    /// <summary>Where a branch or call goes; null for anything else.</summary>
    private static uint? Target(MachineInstruction instruction)
    {
        bool branches = instruction.Name is "b" or "bl" or "cbz" or "cbnz" || (instruction.Name[0] == 'b' && Thumb.Conditions.Contains(instruction.Name[1..]));
        return branches ? uint.Parse(instruction.Operands.Split(", ")[^1].Split(' ')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null;
    }

    private bool Ends(MachineInstruction instruction)
    {
        bool loadsProgramCounter = instruction.Name is "pop" or "ldmia" or "ldr" && instruction.Registers().Contains("pc") && !instruction.Operands.Contains("[pc", StringComparison.Ordinal);
        bool comesBack = (instruction.Name == "bx" && instruction.Operands == "lr") || (loadsProgramCounter && instruction.Operands.Contains("sp", StringComparison.Ordinal)) || (loadsProgramCounter && instruction.Name == "pop");
        Returns |= comesBack;
        if (!comesBack && (loadsProgramCounter || instruction.Name is "blx" or "bx" or "tbb" or "tbh" || (instruction.Name == "mov" && instruction.Register == "pc")))
        {
            throw new InvalidDataException($"{Name} goes where a register says: {instruction}");
        }

        return comesBack || instruction.Name is "udf" or "bkpt";
    }

    /// <summary>The depth, and the depth that the frame pointer stands for, after an instruction.</summary>
    private (int Depth, int? FrameDepth) After(int index, int depth, int? frame)
    {
        MachineInstruction instruction = _body[index];
        string[] operands = instruction.Operands.Split(" @")[0].Split(", ");
        int registers = instruction.Registers().Count();
        string name = instruction.Name is "addw" or "subw" ? instruction.Name[..3] : instruction.Name;
        switch (name)
        {
            case "push":
                return (depth + (4 * registers), frame);
            case "pop":
                return (depth - (4 * registers), instruction.Registers().Contains("fp") ? null : frame);
            case "stmdb" when operands[0] == "sp!":
                return (depth + (4 * (registers - 1)), frame);
            case "ldmia" when operands[0] == "sp!":
                return (depth - (4 * (registers - 1)), instruction.Registers().Contains("fp") ? null : frame);
            case "add" or "sub" or "mov" when operands[0] == "sp":
                return (Moved(index, name, operands, depth, frame), frame);
            case "add" when operands[0] == "fp" && operands[1] == "sp":
                return (depth, depth - Number(operands[2]));
            case "mov" when operands[0] == "fp" && operands[1] == "sp":
                return (depth, depth);
            default:
                return (depth + WrittenBack(instruction, operands), instruction.Register == "fp" && !instruction.Name.StartsWith("st", StringComparison.Ordinal) && !instruction.Name.StartsWith("cmp", StringComparison.Ordinal) ? null : frame);
        }
    }

    /// <summary><c>[sp, #-8]!</c> and <c>[sp], #8</c>.</summary>
    private int WrittenBack(MachineInstruction instruction, string[] operands)
    {
        if (operands.Length == 3 && operands[1] == "[sp" && operands[2].EndsWith("]!", StringComparison.Ordinal))
        {
            return -Number(operands[2][..^2]);
        }

        if (operands.Length == 3 && operands[1] == "[sp]")
        {
            return -Number(operands[2]);
        }

        return instruction.Operands.Contains("sp!", StringComparison.Ordinal) || instruction.Register == "sp" && instruction.Name is not ("cmp" or "cmn" or "tst")
            ? throw Unknown(instruction)
            : 0;
    }

    private int Moved(int index, string name, string[] operands, int depth, int? frame)
    {
        string from = operands.Length > 2 || name == "mov" ? operands[1] : "sp";
        int start = from switch
        {
            "sp" => depth,
            "fp" when frame is not null => frame.Value,
            _ => throw Unknown(_body[index]),
        };
        int bytes = name == "mov" ? 0 : operands[^1][0] == '#' ? Number(operands[^1]) : Constant(index, operands[^1]);
        return name == "sub" ? start + bytes : start - bytes;
    }

    /// <summary>A frame too large for one instruction: the bytes are put into a register right before.</summary>
    private int Constant(int index, string register)
    {
        uint? value = null;
        for (int i = Math.Max(0, index - 3); i < index; i++)
        {
            string[] operands = _body[i].Operands.Split(" @")[0].Split(", ");
            if (operands[0] == register && operands.Length == 2 && operands[1][0] == '#')
            {
                value = _body[i].Name switch
                {
                    "movw" or "mov" or "movs" => (uint)Number(operands[1]),
                    "movt" when value is not null => value | ((uint)Number(operands[1]) << 16),
                    _ => null,
                };
            }
            else if (_body[i].Registers().Contains(register))
            {
                value = null;
            }
        }

        return (int?)value ?? throw Unknown(_body[index]);
    }

    private InvalidDataException Unknown(MachineInstruction instruction) => new($"{Name} moves the stack pointer in a way that cannot be bounded: {instruction}");

    private static int Number(string text) => int.Parse(text.Trim().TrimStart('#'), CultureInfo.InvariantCulture);
}
