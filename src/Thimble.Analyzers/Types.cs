using System;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Thimble.Analyzers;

/// <summary>Questions about types.</summary>
internal static class Types
{
    /// <summary>The largest local, in bytes (RULES 27).</summary>
    public const int MaxLocalBytes = 32;

    private const int PointerBytes = 4;

    /// <summary>The types of the device's runtime that the core may call.</summary>
    private static readonly ImmutableHashSet<string> Allowed =
    [
        "System.Span<T>", "System.ReadOnlySpan<T>", "System.Nullable<T>", "System.Math", "System.MemoryExtensions",
        "System.Runtime.InteropServices.MemoryMarshal", "System.Runtime.CompilerServices.Unsafe",
        "System.Buffers.Binary.BinaryPrimitives", "System.Numerics.BitOperations",
        "System.Security.Cryptography.CryptographicOperations", "System.Threading.Volatile", "System.IEquatable<T>",
    ];

    public static bool IsAttribute(INamedTypeSymbol? type)
    {
        for (INamedTypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.Name == "Attribute" && at.ContainingNamespace.Name == "System")
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsFloatingPoint(ITypeSymbol? type) =>
        type?.SpecialType is SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal
        || (type is { Name: "Half", ContainingNamespace.Name: "System" });

    /// <summary>Integers, enums of them, and bool and char.</summary>
    public static bool IsPrimitive(ITypeSymbol type) => type.TypeKind == TypeKind.Enum || IsPrimitive(type.SpecialType);

    public static bool IsPrimitive(SpecialType type) => type is >= SpecialType.System_Boolean and <= SpecialType.System_UInt64
        or SpecialType.System_IntPtr or SpecialType.System_UIntPtr;

    public static bool IsSpan(ITypeSymbol? type, string name) => type is INamedTypeSymbol { Arity: 1 } named
        && named.Name == name && named.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>Whether the device's runtime has the type, so that a member that it lacks is found by the device check at the latest.</summary>
    public static bool IsInRuntime(INamedTypeSymbol type) =>
        IsPrimitive(type.SpecialType)
        || type.ContainingAssembly?.Name == "Thimble.Core"   // for Thimble.Net, which stands on it
        || Allowed.Contains(type.OriginalDefinition.ToDisplayString())
        || type.ToDisplayString().StartsWith("System.Runtime.Intrinsics.", StringComparison.Ordinal)
        || (type.ContainingType is not null && IsInRuntime(type.ContainingType));

    /// <summary>
    /// The size of a value on a 32-bit device; 0 where it is not known (a type parameter). Ref structs count as 0: they
    /// are views, hold no data of their own, and their depth shows in the device check's stack figures.
    /// </summary>
    public static int Bytes(ITypeSymbol? type)
    {
        switch (type)
        {
            case null or ITypeParameterSymbol:
                return 0;
            case { TypeKind: TypeKind.Enum }:
                return Bytes(((INamedTypeSymbol)type).EnumUnderlyingType);
            case { IsRefLikeType: true }:
                return 0;
        }

        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte:
                return 1;
            case SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16:
                return 2;
            case SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single:
                return 4;
            case SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double:
                return 8;
            case SpecialType.System_IntPtr or SpecialType.System_UIntPtr:
                return PointerBytes;
        }

        return type is INamedTypeSymbol { TypeKind: TypeKind.Struct } value ? StructBytes(value) : PointerBytes;
    }

    private static int StructBytes(INamedTypeSymbol type)
    {
        int fields = type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic)
            .Sum(field => field.RefKind != RefKind.None ? PointerBytes : Bytes(field.Type));
        if (Argument(type, "InlineArrayAttribute") is int length)
        {
            return fields * length;
        }

        AttributeData? layout = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "StructLayoutAttribute");
        int declared = layout?.NamedArguments.FirstOrDefault(argument => argument.Key == "Size").Value.Value as int? ?? 0;
        return Math.Max(fields, declared);
    }

    private static int? Argument(INamedTypeSymbol type, string attribute) =>
        type.GetAttributes().FirstOrDefault(a => a.AttributeClass?.Name == attribute)?.ConstructorArguments.FirstOrDefault().Value as int?;
}
