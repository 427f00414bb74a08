using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Thimble.Analyzers;

/// <summary>What may not be declared.</summary>
internal static class DeclarationRules
{
    public static void Judge(SymbolAnalysisContext context)
    {
        switch (context.Symbol)
        {
            case INamedTypeSymbol type:
                Type(context, type);
                break;
            case IFieldSymbol field:
                Field(context, field);
                break;
            case IPropertySymbol property:
                Property(context, property);
                break;
            case IMethodSymbol method:
                Method(context, method);
                break;
            case IEventSymbol declared:
                Report(context, Rules.Delegates, $"The event '{declared.Name}'");
                break;
        }
    }

    private static void Type(SymbolAnalysisContext context, INamedTypeSymbol type)
    {
        if (type.IsRecord)
        {
            Report(context, Rules.Records, $"'{type.Name}'");
        }
        else if (type.TypeKind == TypeKind.Class && !type.IsStatic)
        {
            Report(context, Rules.Heap, $"The class '{type.Name}'");
        }
        else if (type.TypeKind == TypeKind.Delegate)
        {
            Report(context, Rules.Delegates, $"'{type.Name}'");
        }
    }

    private static void Field(SymbolAnalysisContext context, IFieldSymbol field)
    {
        if (field.IsStatic && !field.IsConst)
        {
            Report(context, Rules.StaticState, $"'{field.Name}'");
        }

        FloatingPoint(context, field.Type, field.Name);
    }

    private static void Property(SymbolAnalysisContext context, IPropertySymbol property)
    {
        bool hasField = property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
        if (property.IsStatic && hasField)
        {
            Report(context, Rules.StaticState, $"'{property.Name}'");
        }

        FloatingPoint(context, property.Type, property.Name);
    }

    private static void Method(SymbolAnalysisContext context, IMethodSymbol method)
    {
        bool inInterface = method.ContainingType.TypeKind == TypeKind.Interface;
        if (method.MethodKind == MethodKind.StaticConstructor)
        {
            Report(context, Rules.StaticState, "A static constructor's work");
        }
        else if (method.IsOverride || (!inInterface && (method.IsVirtual || method.IsAbstract)))
        {
            Report(context, Rules.Dispatch, $"'{method.Name}'");
        }
        else if (inInterface && !method.IsStatic && !method.IsAbstract)
        {
            Report(context, Rules.Boxing, $"The default body of '{method.Name}'");
        }

        if (method.IsAsync)
        {
            Report(context, Rules.Coroutines, "async");
        }

        FloatingPoint(context, method.ReturnType, method.Name);
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            Parameter(context, parameter);
        }
    }

    private static void Parameter(SymbolAnalysisContext context, IParameterSymbol parameter)
    {
        FloatingPoint(context, parameter.Type, parameter.Name);
        if (parameter.RefKind == RefKind.None && Types.Bytes(parameter.Type) > Types.MaxLocalBytes)
        {
            Report(context, Rules.BigLocal, $"The copy of '{parameter.Name}'", Types.MaxLocalBytes);
        }
    }

    private static void FloatingPoint(SymbolAnalysisContext context, ITypeSymbol type, string name)
    {
        if (Types.IsFloatingPoint(type))
        {
            Report(context, Rules.FloatingPoint, $"'{name}'", type.ToDisplayString());
        }
    }

    private static void Report(SymbolAnalysisContext context, DiagnosticDescriptor rule, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, context.Symbol.Locations[0], arguments));
}
