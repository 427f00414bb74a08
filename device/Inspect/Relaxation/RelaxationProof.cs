using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>
/// Holds a linked image against the object that the compiler wrote, instruction by instruction, so that nobody has to
/// trust what rewrote it. Each instruction is the same, or one of these: a branch to the same instruction, a call or
/// jump to the function whose address the register held, an address formed otherwise; what is missing formed an address that
/// only such a call used. Constants are the same bytes.
/// </summary>
internal sealed class RelaxationProof
{
    private readonly ObjectCode _before;
    private readonly ObjectCode _after;
    private readonly Dictionary<string, uint> _addresses;
    private readonly List<string> _objections = [];

    public RelaxationProof(ObjectCode before, ObjectCode after)
    {
        _before = before;
        _after = after;
        _addresses = after.File.Symbols.Where(symbol => symbol.Section != 0 && symbol.Name.Length > 0).DistinctBy(symbol => symbol.Name)
            .ToDictionary(symbol => symbol.Name, symbol => symbol.Value);
    }

    /// <summary>Functions of the image that were compared.</summary>
    public int Functions { get; private set; }

    /// <summary>Their instructions, before.</summary>
    public int Instructions { get; private set; }

    public IReadOnlyList<string> Check()
    {
        foreach (CodeFunction function in _before.Functions)
        {
            if (_addresses.TryGetValue(function.Name, out uint address) && _after.At(address) is CodeFunction image)
            {
                Functions++;
                Instructions += function.Instructions.Count;
                Compare(function, image);
            }
        }

        CompareConstants();
        return _objections;
    }

    private void Compare(CodeFunction before, CodeFunction after)
    {
        var counterpart = new Dictionary<uint, uint>();
        var branches = new List<(CodeInstruction Before, uint From, uint To)>();
        HashSet<uint> targets = CallPlan.Targets(before);
        Constants constants = Constants.Of(_before, before);
        AddressLoad? pending = null;
        int b = 0;
        for (int a = 0; a < before.Instructions.Count; a++)
        {
            CodeInstruction old = before.Instructions[a];
            CodeInstruction? now = b < after.Instructions.Count ? after.Instructions[b] : null;
            counterpart[old.Address] = now?.Address ?? 0;
            if (pending is not null && targets.Contains(old.Address))
            {
                Object(before, old, "the address that was left out is needed on another way here");
                return;
            }

            if (AddressLoad.At(_before, before, a) is AddressLoad load)
            {
                a += AddressLoad.Instructions - 1;
                int formed = Forms(after, b, load);
                if (formed == 0 && pending is not null)
                {
                    Object(before, old, "two addresses are missing at once");
                    return;
                }

                pending = formed == 0 ? load : pending;
                b += formed;
                continue;
            }

            if (now is null)
            {
                Object(before, old, "missing");
                return;
            }

            b++;
            if (Thumb.TryBranch(old, out int condition, out uint from))
            {
                if (!Thumb.TryBranch(now, out int otherCondition, out uint to) || condition != otherCondition)
                {
                    Object(before, old, $"became {now}");
                    return;
                }

                branches.Add((old, from, to));
            }
            else if (Thumb.TryBranchToRegister(old, out int register, out bool links) && (links || register != CallPlan.LinkRegister))
            {
                Place? place = pending is not null && pending.Register == register ? pending.Place : constants.Before(old.Address, register);
                bool dies = pending is null || CallPlan.IsScratch(pending.Register);
                pending = pending?.Register == register ? null : pending;
                if (place is null || !dies || !Goes(now, links, place.Value))
                {
                    Object(before, old, $"should go to {place} and became {now}");
                    return;
                }
            }
            else if (old.Encoding != now.Encoding || old.Bytes != now.Bytes)
            {
                Object(before, old, $"became {now}");
                return;
            }

            if (pending is not null && (Constants.Mentions(old.Text, pending.Register) || Constants.EndsFlow(old) || Thumb.TryBranch(old, out _, out _) || Thumb.TryBranchToRegister(old, out _, out _)))
            {
                Object(before, old, "the address that was left out is needed after this");
                return;
            }
        }

        if (b != after.Instructions.Count || pending is not null)
        {
            Object(before, before.Instructions[^1], "something follows");
        }

        foreach ((CodeInstruction branch, uint from, uint to) in branches.Where(entry => counterpart.GetValueOrDefault(entry.From) != entry.To))
        {
            Object(before, branch, $"went to {from:x} and goes to {to:x}");
        }
    }

    /// <summary>How many instructions of the image form an address: 0 where none do.</summary>
    private int Forms(CodeFunction after, int index, AddressLoad load)
    {
        uint wanted = _addresses.GetValueOrDefault(load.Place.Symbol) + load.Place.Offset;
        wanted |= _after.At(wanted) is null ? 0u : 1;
        if (index >= after.Instructions.Count || !Thumb.TryMoveHalf(after.Instructions[index], out int register, out uint low, out bool isTop) || isTop || register != load.Register)
        {
            return 0;
        }

        if (index + 1 < after.Instructions.Count && Thumb.TryMoveHalf(after.Instructions[index + 1], out register, out uint top, out isTop) && isTop && register == load.Register)
        {
            return (low | (top << 16)) == wanted ? 2 : 0;
        }

        return low == wanted ? 1 : 0;
    }

    private bool Goes(CodeInstruction now, bool links, Place place)
    {
        int condition = 14;
        bool known = links ? Thumb.TryBranchWithLink(now, out uint target) : Thumb.TryBranch(now, out condition, out target);
        return known && condition == 14 && place.Offset == 0 && _addresses.TryGetValue(place.Symbol, out uint address) && (address & ~1u) == target;
    }

    private void CompareConstants()
    {
        foreach (ElfSection section in _before.File.Sections.Where(section => section.HoldsConstants))
        {
            ElfSymbol[] symbols = [.. _before.File.Symbols.Where(symbol => symbol.Section == section.Index && !symbol.IsSection && _addresses.ContainsKey(symbol.Name)).OrderBy(symbol => symbol.Value)];
            uint[] starts = [.. _before.File.Symbols.Where(symbol => symbol.Section == section.Index && !symbol.IsSection).Select(symbol => symbol.Value).Append((uint)section.Bytes.Length).Distinct().Order()];
            foreach (ElfSymbol symbol in symbols)
            {
                uint bytes = starts.First(start => start > symbol.Value || start == section.Bytes.Length) - symbol.Value;
                if (!section.Bytes.Span.Slice((int)symbol.Value, (int)bytes).SequenceEqual(_after.File.At(_addresses[symbol.Name], bytes)))
                {
                    _objections.Add($"the constant {symbol.Name} differs");
                }
            }
        }
    }

    private void Object(CodeFunction function, CodeInstruction instruction, string what) => _objections.Add($"{function.Name}, {instruction}: {what}");
}
