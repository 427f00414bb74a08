using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>One way down: functions from the outermost to the innermost, with the bytes that each has taken when it calls the next.</summary>
internal sealed record StackPath(int Bytes, IReadOnlyList<(uint Function, int Bytes)> Frames);

/// <summary>
/// The deepest stack of an image: the sum of frames along the worst chain of calls. It exists only where nothing
/// recurs and no call goes where a register says; both are proved here, or are errors. What never comes back (the
/// fail-fast) is left out: it ends the device, and its stack may go over anything.
/// </summary>
internal sealed class StackBound
{
    private readonly Listing _code;
    private readonly Func<uint, string> _name;
    private readonly HashSet<uint> _stops;
    private readonly Dictionary<uint, StackFunction> _functions = [];
    private readonly Dictionary<uint, (int Bytes, StackCall? Next)> _depths = [];
    private readonly List<uint> _open = [];
    private readonly HashSet<uint> _asked = [];

    public StackBound(Listing code, IEnumerable<uint> stops, Func<uint, string> name)
    {
        _code = code;
        _name = name;
        _stops = [.. stops];
    }

    public int Functions => _functions.Count;

    /// <summary>Functions that never come back, and whose stack is therefore not counted.</summary>
    public IEnumerable<uint> Stops => _stops;

    /// <summary>The deepest way down from a function.</summary>
    public StackPath Deepest(uint function)
    {
        int total = Depth(function);
        var frames = new List<(uint, int)>();
        for (uint at = function; ;)
        {
            StackCall? next = _depths[at].Next;
            frames.Add((at, next?.Depth ?? _functions[at].Frame));
            if (next is null)
            {
                return new StackPath(total, frames);
            }

            at = next.Target;
        }
    }

    /// <summary>The deepest ways down from a function that end in different functions, deepest first.</summary>
    public IEnumerable<StackPath> DeepestByEnd(uint root)
    {
        Depth(root);
        var above = new Dictionary<uint, (int Bytes, uint? Caller, int Taken)> { [root] = (0, null, 0) };
        foreach (uint function in CallersFirst(root))
        {
            foreach (StackCall call in Counted(_functions[function]))
            {
                int bytes = above[function].Bytes + call.Depth;
                if (!above.TryGetValue(call.Target, out var known) || known.Bytes < bytes)
                {
                    above[call.Target] = (bytes, function, call.Depth);
                }
            }
        }

        return above.Keys.Select(end => Path(end, above)).OrderByDescending(path => path.Bytes);
    }

    private StackPath Path(uint end, Dictionary<uint, (int Bytes, uint? Caller, int Taken)> above)
    {
        var frames = new List<(uint, int)> { (end, _functions[end].Frame) };
        for (uint at = end; above[at].Caller is uint caller; at = caller)
        {
            frames.Insert(0, (caller, above[at].Taken));
        }

        return new StackPath(above[end].Bytes + _functions[end].Frame, frames);
    }

    private List<uint> CallersFirst(uint root)
    {
        var order = new List<uint>();
        var seen = new HashSet<uint>();
        void Visit(uint function)
        {
            if (seen.Add(function))
            {
                foreach (StackCall call in Counted(_functions[function]))
                {
                    Visit(call.Target);
                }

                order.Insert(0, function);
            }
        }

        Visit(root);
        return order;
    }

    private int Depth(uint function)
    {
        if (_depths.TryGetValue(function, out var known))
        {
            return known.Bytes;
        }

        if (_open.Contains(function))
        {
            throw new InvalidDataException($"recursion: {string.Join(" -> ", _open.SkipWhile(open => open != function).Append(function).Select(_name))}");
        }

        _open.Add(function);
        StackFunction read = Read(function);
        int deepest = read.Frame;
        StackCall? through = null;
        foreach (StackCall call in Counted(read))
        {
            int bytes = call.Depth + Depth(call.Target);
            if (bytes > deepest)
            {
                (deepest, through) = (bytes, call);
            }
        }

        _open.RemoveAt(_open.Count - 1);
        _depths[function] = (deepest, through);
        return deepest;
    }

    private IEnumerable<StackCall> Counted(StackFunction function) => function.Calls.Where(call => !_stops.Contains(call.Target));

    /// <summary>Reads a function, once.</summary>
    private StackFunction Read(uint function)
    {
        if (!_functions.TryGetValue(function, out StackFunction? read))
        {
            IReadOnlyList<MachineInstruction> body = _code.From(function);
            read = body.Count == 0
                ? throw new InvalidDataException($"a call goes to {function:x}, where no function begins")
                : StackFunction.Read(_name(function), body, ComesBack);
            _functions[function] = read;
        }

        return read;
    }

    /// <summary>
    /// One that only ever calls what stops, stops. A function that is still being read is taken to come back; if it is part
    /// of a cycle, that is found as a recursion.
    /// </summary>
    private bool ComesBack(uint function)
    {
        if (_stops.Contains(function))
        {
            return false;
        }

        if (!_asked.Add(function))
        {
            return true;
        }

        StackFunction read = Read(function);
        _asked.Remove(function);
        if (!read.Returns && !read.Loops && read.Calls.Count > 0 && read.Calls.All(call => _stops.Contains(call.Target)))
        {
            _stops.Add(function);
            return false;
        }

        return true;
    }
}
