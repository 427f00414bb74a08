using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Xunit;

namespace Thimble.Core.Tests.Architecture;

/// <summary>The one dependency rule: memory, then cryptography, then X.509, then TLS; MQTT knows memory only.</summary>
public class LayerTests
{
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Thimble.Memory"] = ["Thimble.Memory"],
        ["Thimble.Crypto"] = ["Thimble.Crypto", "Thimble.Memory"],
        ["Thimble.X509"] = ["Thimble.X509", "Thimble.Crypto", "Thimble.Memory"],
        ["Thimble.Tls"] = ["Thimble.Tls", "Thimble.X509", "Thimble.Crypto", "Thimble.Memory"],
        ["Thimble.Mqtt"] = ["Thimble.Mqtt", "Thimble.Memory"],
        ["Thimble"] = ["Thimble", "Thimble.Tls", "Thimble.Mqtt", "Thimble.X509", "Thimble.Crypto", "Thimble.Memory"],
    };

    [Fact]
    public void NoNamespaceReachesUpwards()
    {
        IEnumerable<string> breaches =
            from type in CoreAssembly.Types
            let own = CoreAssembly.NamespaceOf(type)
            where MayUse.ContainsKey(own)
            from used in CoreAssembly.TypesNamedBy(type).Select(CoreAssembly.NamespaceOf).Distinct()
            where used.StartsWith("Thimble", StringComparison.Ordinal) && !MayUse[own].Contains(used)
            select $"{type.FullName} uses {used}";
        Assert.Empty(breaches);
    }

    [Fact]
    public void EveryNamespaceHasAPlaceInTheOrder()
    {
        IEnumerable<string> unknown = CoreAssembly.Types.Select(CoreAssembly.NamespaceOf).Distinct()
            .Where(name => name.Length > 0 && !name.StartsWith("System", StringComparison.Ordinal) && !name.StartsWith("Microsoft", StringComparison.Ordinal) && !MayUse.ContainsKey(name));
        Assert.Empty(unknown);
    }

    [Fact]
    public void TheCoreReferencesOnlyWhatTheDeviceRuntimeStandsInFor()
    {
        string[] allowed =
        [
            "System.Runtime", "System.Memory", "System.Runtime.InteropServices", "System.Runtime.Intrinsics",
            "System.Security.Cryptography", "System.Threading",
        ];
        Assert.Empty(CoreAssembly.Module.AssemblyReferences.Select(reference => reference.Name).Except(allowed));
    }

    [Fact]
    public void TheCoreCallsOnlyTypesThatTheDeviceRuntimeHas()
    {
        string[] allowed =
        [
            "System.Span`1", "System.ReadOnlySpan`1", "System.Span`1/Enumerator", "System.ReadOnlySpan`1/Enumerator",
            "System.Int32", "System.UInt32", "System.UIntPtr", "System.IntPtr", "System.Nullable`1", "System.Math", "System.MemoryExtensions",
            "System.Runtime.InteropServices.MemoryMarshal", "System.Runtime.CompilerServices.Unsafe",
            "System.Runtime.CompilerServices.RuntimeHelpers", "System.Buffers.Binary.BinaryPrimitives",
            "System.Numerics.BitOperations", "System.Security.Cryptography.CryptographicOperations", "System.Threading.Volatile",
        ];
        IEnumerable<string> others =
            from pair in CoreAssembly.Instructions
            let called = (pair.Instruction.Operand as MethodReference)?.DeclaringType.GetElementType()
            where called is not null && CoreAssembly.NamespaceOf(called).StartsWith("System", StringComparison.Ordinal)
            where !called.FullName.StartsWith("System.Runtime.Intrinsics.", StringComparison.Ordinal) && !allowed.Contains(called.FullName)
            select $"{pair.Method.FullName}: {pair.Instruction}";
        Assert.Empty(others);
    }
}
