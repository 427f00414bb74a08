using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Thimble.Inspect;

/// <summary>The C# names of symbols, from the compiler's statistics; other symbols keep their own.</summary>
internal sealed class MethodNames
{
    private readonly Dictionary<string, CompiledMethod> _methods;

    public MethodNames(IEnumerable<CompiledMethod> methods) => _methods = methods.DistinctBy(method => method.Symbol).ToDictionary(method => method.Symbol);

    public CompiledMethod? Method(IEnumerable<string> symbols) => symbols.Select(symbol => _methods.GetValueOrDefault(symbol)).FirstOrDefault(method => method is not null);

    public string Name(IReadOnlyList<string> symbols) => Method(symbols) is CompiledMethod method ? Name(method.Method) : symbols.Count > 0 ? symbols[0] : "?";

    public static string Name(MethodReference method)
    {
        string arguments = method is GenericInstanceMethod generic ? Arguments(generic) : "";
        return $"{Name(method.DeclaringType)}.{method.Name}{arguments}";
    }

    /// <summary>With its namespace; type arguments without theirs.</summary>
    public static string Name(TypeReference type)
    {
        string owner = type.DeclaringType is not null ? $"{Name(type.DeclaringType)}." : type.GetElementType().Namespace.Length > 0 ? $"{type.GetElementType().Namespace}." : "";
        return $"{owner}{Simple(type)}";
    }

    private static string Simple(TypeReference type)
    {
        string name = type.Name.Split('`')[0];
        return type is GenericInstanceType generic ? $"{name}{Arguments(generic)}" : name;
    }

    private static string Arguments(IGenericInstance instance) => $"<{string.Join(", ", instance.GenericArguments.Select(Simple))}>";
}
