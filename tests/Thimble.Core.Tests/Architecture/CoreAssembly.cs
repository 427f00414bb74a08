using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Thimble.Core.Tests.Architecture;

/// <summary>The assembly under test as metadata and instructions: what was compiled, whatever the source looked like.</summary>
internal static class CoreAssembly
{
    public static readonly ModuleDefinition Module = ModuleDefinition.ReadModule(AssemblyUnderTest.Location);

    /// <summary>All types but attributes, which exist in metadata only.</summary>
    public static IEnumerable<TypeDefinition> Types => Module.GetTypes().Where(type => !IsAttribute(type));

    public static IEnumerable<MethodDefinition> Bodies => Types.SelectMany(type => type.Methods).Where(method => method.HasBody);

    public static IEnumerable<(MethodDefinition Method, Instruction Instruction)> Instructions =>
        Bodies.SelectMany(method => method.Body.Instructions.Select(instruction => (method, instruction)));

    /// <summary>The namespace of a type's outermost owner; nested types carry none.</summary>
    public static string NamespaceOf(TypeReference type)
    {
        TypeReference outermost = type.GetElementType();
        while (outermost.DeclaringType is not null)
        {
            outermost = outermost.DeclaringType;
        }

        return outermost.Namespace;
    }

    /// <summary>Every type that a declaration or its instructions name, type arguments included.</summary>
    public static IEnumerable<TypeReference> TypesNamedBy(TypeDefinition type)
    {
        IEnumerable<TypeReference> declared =
        [
            .. type.Interfaces.Select(item => item.InterfaceType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
            .. type.Methods.SelectMany(TypesNamedBy),
        ];
        return declared.SelectMany(Unfold);
    }

    private static IEnumerable<TypeReference> TypesNamedBy(MethodDefinition method)
    {
        IEnumerable<TypeReference> signature =
        [
            method.ReturnType,
            .. method.Parameters.Select(parameter => parameter.ParameterType),
            .. method.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType),
        ];
        return !method.HasBody ? signature
            : signature.Concat(method.Body.Variables.Select(variable => variable.VariableType))
                .Concat(method.Body.Instructions.SelectMany(instruction => TypesNamedBy(instruction.Operand)));
    }

    private static IEnumerable<TypeReference> TypesNamedBy(object? operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Unfold(TypeReference type) => type switch
    {
        GenericParameter => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Unfold)],
        TypeSpecification specification => Unfold(specification.ElementType),
        _ => [type],
    };

    private static bool IsAttribute(TypeDefinition type) => type.BaseType?.FullName == "System.Attribute";
}
