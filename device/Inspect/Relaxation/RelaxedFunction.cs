using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Thimble.Inspect;

/// <summary>One function as assembler, without its names.</summary>
internal sealed class RelaxedFunction(ObjectCode code, CodeFunction function)
{
    /// <summary>What every local label begins with; the distance into the original function follows.</summary>
    public const string Label = "LABEL_";

    private readonly CallPlan _plan = new(code, function);
    private readonly HashSet<uint> _targets = CallPlan.Targets(function);

    public CodeFunction Function => function;

    /// <summary>The code, where symbols in the table are called by what it says.</summary>
    public string Text(IReadOnlyDictionary<string, string> names)
    {
        var output = new StringBuilder();
        for (int i = 0; i < function.Instructions.Count; i++)
        {
            CodeInstruction instruction = function.Instructions[i];
            if (_targets.Contains(instruction.Address))
            {
                output.Append($"{Local(instruction.Address)}:\n");
            }

            if (!_plan.IsDropped(i))
            {
                output.Append($"  {Text(i, names)}\n");
                i += _plan.Load(i) is null ? 0 : AddressLoad.Instructions - 1;
            }
        }

        return output.ToString();
    }

    private string Text(int index, IReadOnlyDictionary<string, string> names)
    {
        CodeInstruction instruction = function.Instructions[index];
        if (_plan.Load(index) is AddressLoad load)
        {
            string register = Constants.Name(load.Register);
            Place address = Named(load.Place, names);
            return $"movw {register}, #:lower16:{address}\n  movt {register}, #:upper16:{address}";
        }

        if (_plan.Call(index) is Place place)
        {
            Thumb.TryBranchToRegister(instruction, out _, out bool links);
            return $"{(links ? "bl" : "b.w")} {Named(place, names)}";
        }

        if (Thumb.TryBranch(instruction, out int condition, out uint target) && function.Holds(target))
        {
            return $"b{Thumb.Conditions[condition]} {Local(target)}";
        }

        if (instruction.Relocation is not null || Thumb.DependsOnPlace(instruction))
        {
            throw new InvalidDataException($"{function.Name} holds an instruction that this tool cannot move: {instruction}");
        }

        return instruction.Bytes == 2 ? $".inst.n 0x{instruction.Encoding:x4}" : $".inst.w 0x{instruction.Encoding:x8}";
    }

    private string Local(uint address) => $"{Label}{address - function.Start:x}";

    private static Place Named(Place place, IReadOnlyDictionary<string, string> names) =>
        names.TryGetValue(place.Symbol, out string? name) ? place with { Symbol = name } : place;
}
