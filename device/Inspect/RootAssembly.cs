using System.Collections.Generic;
using System.IO;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Thimble.Inspect;

/// <summary>
/// An assembly with one exported method that takes the address of every method that a device can reach, so that all of
/// them are compiled, whether a program uses them yet or not. Generic ones come with whatever uses them.
/// </summary>
internal static class RootAssembly
{
    /// <summary>
    /// Writes it, and returns how many methods are reachable. The statistics of an earlier compilation, if given, tell
    /// with which type arguments generic types are used: their constant-time methods are added, so that even one that
    /// the compiler only ever inlined is compiled by itself and can be judged.
    /// </summary>
    public static int Write(IReadOnlyList<string> assemblies, string output, string? statistics)
    {
        using var resolver = new DefaultAssemblyResolver();
        ModuleDefinition[] modules = [.. assemblies.Select(path => ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver }))];
        MethodDefinition[] reachable = [.. modules.SelectMany(Reachable.From)];
        MethodDefinition[] roots = [.. reachable.Where(method => !method.HasGenericParameters && !HasGenericOwner(method.DeclaringType))];

        using AssemblyDefinition assembly = AssemblyDefinition.CreateAssembly(
            new AssemblyNameDefinition(Path.GetFileNameWithoutExtension(output), new System.Version(1, 0)), "Roots", ModuleKind.Dll);
        ModuleDefinition target = assembly.MainModule;
        var systemRuntime = new AssemblyNameReference("System.Runtime", new System.Version(10, 0));
        target.AssemblyReferences.Add(systemRuntime);
        var type = new TypeDefinition("Thimble", "Roots", TypeAttributes.Class | TypeAttributes.Abstract | TypeAttributes.Sealed, new TypeReference("System", "Object", target, systemRuntime));
        target.Types.Add(type);
        var addresses = new MethodDefinition("Addresses", MethodAttributes.Static | MethodAttributes.Public, new TypeReference("System", "Void", target, systemRuntime, true));
        addresses.Parameters.Add(new ParameterDefinition(new PointerType(new TypeReference("System", "IntPtr", target, systemRuntime, true))));
        addresses.CustomAttributes.Add(Export(target, "core_roots"));
        type.Methods.Add(addresses);

        ILProcessor il = addresses.Body.GetILProcessor();
        foreach (MethodDefinition root in roots)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldftn, target.ImportReference(root));
            il.Emit(OpCodes.Stind_I);
        }

        foreach (MethodReference generic in statistics is null ? [] : modules.SelectMany(module => GenericKernels(module, statistics)))
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldftn, target.ImportReference(generic));
            il.Emit(OpCodes.Stind_I);
        }

        il.Emit(OpCodes.Ret);
        assembly.Write(output);
        return reachable.Length;
    }

    private static IEnumerable<MethodReference> GenericKernels(ModuleDefinition module, string statistics)
    {
        IEnumerable<GenericInstanceType> used = Statistics.ReadMethods(statistics)
            .Select(method => method.Method.DeclaringType).OfType<GenericInstanceType>().DistinctBy(type => type.FullName);
        return from instance in used
               let definition = module.GetType(instance.ElementType.FullName)
               where definition is not null
               from method in definition.Methods
               where !method.HasGenericParameters && ConstantTimeMethods.AttributeOf(method) is not null
               select Of(method, instance);
    }

    /// <summary>The method as a member of a generic type with its arguments.</summary>
    private static MethodReference Of(MethodDefinition method, GenericInstanceType owner)
    {
        var reference = new MethodReference(method.Name, method.ReturnType, owner) { HasThis = method.HasThis };
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            reference.Parameters.Add(new ParameterDefinition(parameter.ParameterType));
        }

        return reference;
    }

    private static bool HasGenericOwner(TypeDefinition type) => type.HasGenericParameters;

    private static CustomAttribute Export(ModuleDefinition module, string symbol)
    {
        var systemRuntime = module.AssemblyReferences.Single(reference => reference.Name == "System.Runtime");
        var owner = new TypeReference("System.Runtime", "RuntimeExportAttribute", module, systemRuntime);
        var constructor = new MethodReference(".ctor", module.TypeSystem.Void, owner) { HasThis = true };
        constructor.Parameters.Add(new ParameterDefinition(module.TypeSystem.String));
        return new CustomAttribute(constructor) { ConstructorArguments = { new CustomAttributeArgument(module.TypeSystem.String, symbol) } };
    }
}
