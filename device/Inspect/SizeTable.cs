using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Thimble.Inspect;

/// <summary>Flash by namespace.</summary>
internal static class SizeTable
{
    public static void Print(IReadOnlyList<CompiledMethod> methods, IReadOnlyDictionary<string, int> data)
    {
        Console.WriteLine("  flash  code of");
        foreach (var group in methods.GroupBy(method => Namespace(method.Method)).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{group.Sum(method => method.Bytes),7:N0}  {group.Key} ({group.Count()} methods)");
        }

        foreach ((string assembly, int bytes) in data.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"{bytes,7:N0}  constants of {assembly}");
        }
    }

    /// <summary>Nested types belong to the namespace of their outermost one; the runtime counts as one.</summary>
    private static string Namespace(MethodReference method)
    {
        TypeReference type = method.DeclaringType.GetElementType();
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        string name = type.Namespace;
        return name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Internal", StringComparison.Ordinal) || name.Length == 0
            ? "the runtime"
            : name;
    }
}
