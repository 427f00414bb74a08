using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>What becomes of each instruction of a function that forms an address or goes to one.</summary>
internal sealed class CallPlan
{
    /// <summary>r0 to r3, ip and lr: no callee preserves them, so a call leaves them without meaning.</summary>
    private const uint ScratchRegisters = 0x500F;

    private readonly Dictionary<int, Place> _calls = [];
    private readonly Dictionary<int, AddressLoad> _loads = [];
    private readonly HashSet<int> _dropped = [];

    public CallPlan(ObjectCode code, CodeFunction function)
    {
        IReadOnlyList<CodeInstruction> body = function.Instructions;
        HashSet<uint> targets = Targets(function);
        Constants? constants = null;
        for (int i = 0; i < body.Count; i++)
        {
            if (AddressLoad.At(code, function, i) is AddressLoad load)
            {
                Place(function, targets, load);
                i += AddressLoad.Instructions - 1;
            }
            else if (Thumb.TryBranchToRegister(body[i], out int register, out bool links) && !_calls.ContainsKey(i) && (links || register != LinkRegister))
            {
                constants ??= Constants.Of(code, function);
                _calls[i] = constants.Before(body[i].Address, register)
                    ?? throw new InvalidDataException($"{function.Name} calls through a register that holds no known address: {body[i]}");
            }
        }
    }

    public const int LinkRegister = 14;

    /// <summary>Whether a call leaves nothing of use in a register.</summary>
    public static bool IsScratch(int register) => ((ScratchRegisters >> register) & 1) != 0;

    /// <summary>Whether nothing is left of an instruction.</summary>
    public bool IsDropped(int index) => _dropped.Contains(index);

    /// <summary>The load that begins here and stays.</summary>
    public AddressLoad? Load(int index) => _loads.GetValueOrDefault(index);

    /// <summary>Where the call or jump through a register goes.</summary>
    public Place? Call(int index) => _calls.TryGetValue(index, out Place place) ? place : null;

    public static HashSet<uint> Targets(CodeFunction function)
    {
        var targets = new HashSet<uint>();
        foreach (CodeInstruction instruction in function.Instructions)
        {
            if (Thumb.TryBranch(instruction, out _, out uint target))
            {
                targets.Add(target);
            }
        }

        return targets;
    }

    private void Place(CodeFunction function, HashSet<uint> targets, AddressLoad load)
    {
        int user = User(function, targets, load);
        if (user < 0)
        {
            _loads[load.Index] = load;
            return;
        }

        _calls[user] = load.Place;
        _dropped.UnionWith(Enumerable.Range(load.Index, AddressLoad.Instructions));
    }

    /// <summary>The one call that uses a loaded address, if it follows in a straight line and the register dies with it; or -1.</summary>
    private static int User(CodeFunction function, HashSet<uint> targets, AddressLoad load)
    {
        for (int i = load.Index + AddressLoad.Instructions; i < function.Instructions.Count; i++)
        {
            CodeInstruction instruction = function.Instructions[i];
            if (targets.Contains(instruction.Address))
            {
                return -1;
            }

            if (Thumb.TryBranchToRegister(instruction, out int register, out _))
            {
                return register == load.Register && IsScratch(register) ? i : -1;
            }

            if (Constants.Mentions(instruction.Text, load.Register) || Constants.EndsFlow(instruction) || Thumb.TryBranch(instruction, out _, out _) || Thumb.TryBranchWithLink(instruction, out _))
            {
                return -1;
            }
        }

        return -1;
    }
}
