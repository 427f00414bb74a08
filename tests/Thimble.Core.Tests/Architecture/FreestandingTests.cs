using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit;

namespace Thimble.Core.Tests.Architecture;

/// <summary>
/// The compiled core needs no heap, no exceptions and no type metadata. The analyzer says the same of the source; here
/// what the compiler adds of its own is seen too.
/// </summary>
public class FreestandingTests
{
    [Fact]
    public void NoStaticState()
    {
        IEnumerable<string> state = CoreAssembly.Types.SelectMany(type => type.Fields)
            .Where(field => field.IsStatic && !field.IsLiteral && field.InitialValue.Length == 0)
            .Select(field => field.FullName);
        Assert.Empty(state);
    }

    [Fact]
    public void NoStaticConstructor() =>
        Assert.Empty(CoreAssembly.Bodies.Where(method => method.IsConstructor && method.IsStatic).Select(method => method.FullName));

    [Fact]
    public void NoObjectIsMade() => AssertNone(
        instruction => instruction.OpCode.Code == Code.Newobj && !((MethodReference)instruction.Operand).DeclaringType.IsValueType);

    [Fact]
    public void NoArrayIsMade() => AssertNone(instruction => instruction.OpCode.Code == Code.Newarr);

    [Fact]
    public void NothingIsBoxed() => AssertNone(instruction => instruction.OpCode.Code == Code.Box);

    [Fact]
    public void NoString() => AssertNone(instruction => instruction.OpCode.Code == Code.Ldstr);

    [Fact]
    public void NothingIsThrown() => AssertNone(instruction => instruction.OpCode.Code is Code.Throw or Code.Rethrow);

    [Fact]
    public void NothingIsCaught() =>
        Assert.Empty(CoreAssembly.Bodies.Where(method => method.Body.HasExceptionHandlers).Select(method => method.FullName));

    [Fact]
    public void NoStackAllocation() => AssertNone(instruction => instruction.OpCode.Code == Code.Localloc);

    [Fact]
    public void NoFloatingPoint() => AssertNone(instruction => instruction.OpCode.Code
        is Code.Ldc_R4 or Code.Ldc_R8 or Code.Conv_R4 or Code.Conv_R8 or Code.Conv_R_Un);

    [Fact]
    public void CallsAreBoundBeforehand() => AssertNone(instruction =>
        instruction.OpCode.Code is Code.Ldvirtftn or Code.Calli
        || (instruction.OpCode.Code == Code.Callvirt && instruction.Previous?.OpCode.Code != Code.Constrained));

    private static void AssertNone(Func<Instruction, bool> isForbidden) =>
        Assert.Empty(CoreAssembly.Instructions.Where(pair => isForbidden(pair.Instruction)).Select(pair => $"{pair.Method.FullName}: {pair.Instruction}"));
}
