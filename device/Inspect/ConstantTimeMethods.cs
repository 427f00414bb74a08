using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;

namespace Thimble.Inspect;

/// <summary>What <c>[ConstantTime]</c> allows one method.</summary>
internal sealed record ConstantTimeRule(string Name, int PublicBranches);

/// <summary>Reads the attribute from the assemblies that are shipped.</summary>
internal static class ConstantTimeMethods
{
    public static IReadOnlyDictionary<MethodKey, ConstantTimeRule> Read(IEnumerable<string> assemblies)
    {
        var rules = new Dictionary<MethodKey, ConstantTimeRule>();
        foreach (MethodDefinition method in assemblies.Select(ModuleDefinition.ReadModule).SelectMany(module => module.GetTypes()).SelectMany(type => type.Methods))
        {
            CustomAttribute? attribute = AttributeOf(method);
            if (attribute is not null)
            {
                MethodKey key = MethodKey.Of(method);
                rules[key] = new ConstantTimeRule(key.ToString(), Argument(attribute, "PublicBranches") as int? ?? 0);
            }
        }

        return rules;
    }

    public static CustomAttribute? AttributeOf(MethodDefinition method) =>
        method.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == "ConstantTimeAttribute");

    private static object? Argument(CustomAttribute attribute, string name) =>
        attribute.Properties.FirstOrDefault(property => property.Name == name).Argument.Value;
}

/// <summary>A method regardless of its type arguments; overloads with equally many parameters count as one, and the strictest rule holds.</summary>
internal readonly record struct MethodKey(string Type, string Name, int Parameters)
{
    public static MethodKey Of(MethodReference method)
    {
        MethodReference open = method.GetElementMethod();
        return new MethodKey(open.DeclaringType.GetElementType().FullName, open.Name, open.Parameters.Count);
    }

    public override string ToString() => $"{Type}.{Name}";
}
