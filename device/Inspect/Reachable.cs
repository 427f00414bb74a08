using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Thimble.Inspect;

/// <summary>
/// Which methods a 32-bit device without special instructions can reach from the public ones. The code asks
/// <c>nuint.Size</c>, <c>IsSupported</c> and <c>IsHardwareAccelerated</c>; here their answers are 4, false and false, and
/// what lies behind the other answer is not followed.
/// </summary>
internal sealed class Reachable
{
    private readonly HashSet<MethodDefinition> _found = [];
    private readonly Queue<MethodDefinition> _waiting = [];

    public static IReadOnlyCollection<MethodDefinition> From(ModuleDefinition module)
    {
        var walk = new Reachable();
        foreach (MethodDefinition method in module.GetTypes().Where(IsPublic).SelectMany(type => type.Methods).Where(method => method.IsPublic))
        {
            walk.Visit(method);
        }

        while (walk._waiting.TryDequeue(out MethodDefinition? next))
        {
            walk.Follow(next);
        }

        return walk._found;
    }

    private static bool IsPublic(TypeDefinition type) =>
        type.IsPublic || (type.IsNestedPublic && IsPublic(type.DeclaringType));

    private void Visit(MethodDefinition method)
    {
        if (method.HasBody && _found.Add(method))
        {
            _waiting.Enqueue(method);
        }
    }

    private void Follow(MethodDefinition method)
    {
        var seen = new HashSet<Instruction>();
        var starts = new Stack<Instruction>([method.Body.Instructions[0]]);
        while (starts.TryPop(out Instruction? at))
        {
            var constants = new Stack<int?>();
            for (; at is not null && seen.Add(at); at = at.Next)
            {
                if (at.Operand is MethodReference callee)
                {
                    VisitCallee(method.Module, callee);
                }

                if (at.OpCode.FlowControl is FlowControl.Return or FlowControl.Throw)
                {
                    break;
                }

                if (at.Operand is Instruction[] targets)
                {
                    Array.ForEach(targets, starts.Push);
                    constants.Clear();
                }
                else if (at.Operand is Instruction target)
                {
                    bool? taken = at.OpCode.FlowControl == FlowControl.Branch ? true : Taken(at.OpCode.Code, constants);
                    if (taken != false)
                    {
                        starts.Push(target);
                    }

                    if (taken == true)
                    {
                        break;
                    }

                    constants.Clear();
                }
                else
                {
                    Track(at, constants);
                }
            }
        }
    }

    private void VisitCallee(ModuleDefinition module, MethodReference callee)
    {
        TypeReference scope = callee.DeclaringType.GetElementType();
        if (scope.Module == module && scope is TypeDefinition type)
        {
            foreach (MethodDefinition candidate in type.Methods.Where(m => MethodKey.Of(m) == MethodKey.Of(callee)))
            {
                Visit(candidate);
            }
        }
    }

    /// <summary>Remembers what the last instructions left behind, as far as it is constant.</summary>
    private static void Track(Instruction at, Stack<int?> constants)
    {
        if (Integers.TryRead(at, out int value))
        {
            constants.Push(value);
        }
        else if (at.Operand is MethodReference { Name: "get_IsSupported" or "get_IsHardwareAccelerated" })
        {
            constants.Push(0);
        }
        else if (at.Operand is MethodReference { Name: "get_Size", DeclaringType.Name: "IntPtr" or "UIntPtr" } || (at.OpCode.Code == Code.Sizeof && at.Operand is TypeReference { Name: "IntPtr" or "UIntPtr" }))
        {
            constants.Push(4);
        }
        else if (at.OpCode.Code == Code.Ceq && constants.Count >= 2)
        {
            int? right = constants.Pop(), left = constants.Pop();
            constants.Push(left is null || right is null ? null : left == right ? 1 : 0);
        }
        else if (at.OpCode.Code != Code.Nop)
        {
            constants.Clear();
        }
    }

    private static bool? Taken(Code branch, Stack<int?> constants)
    {
        int? last = constants.Count > 0 ? constants.Pop() : null;
        int? before = constants.Count > 0 ? constants.Pop() : null;
        return branch switch
        {
            Code.Brtrue or Code.Brtrue_S when last is not null => last != 0,
            Code.Brfalse or Code.Brfalse_S when last is not null => last == 0,
            Code.Beq or Code.Beq_S when last is not null && before is not null => last == before,
            Code.Bne_Un or Code.Bne_Un_S when last is not null && before is not null => last != before,
            _ => null,
        };
    }
}
