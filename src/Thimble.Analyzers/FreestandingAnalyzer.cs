using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Thimble.Analyzers;

/// <summary>
/// Keeps a project freestanding. Declarations are judged by <see cref="DeclarationRules"/>, what methods do by
/// <see cref="OperationRules"/>. Attributes are exempt: they exist in metadata only.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FreestandingAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Rules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Declaration, SymbolKind.NamedType, SymbolKind.Field, SymbolKind.Method, SymbolKind.Property, SymbolKind.Event);
        context.RegisterOperationAction(Operation, OperationRules.Kinds);
    }

    private static void Declaration(SymbolAnalysisContext context)
    {
        INamedTypeSymbol? type = context.Symbol as INamedTypeSymbol ?? context.Symbol.ContainingType;
        if (!context.Symbol.IsImplicitlyDeclared && !Types.IsAttribute(type))
        {
            DeclarationRules.Judge(context);
        }
    }

    private static void Operation(OperationAnalysisContext context)
    {
        if (!Types.IsAttribute(context.ContainingSymbol.ContainingType) && !IsInAttribute(context.Operation))
        {
            OperationRules.Judge(context);
        }
    }

    private static bool IsInAttribute(IOperation operation) =>
        operation is IAttributeOperation || operation.Syntax.FirstAncestorOrSelf<AttributeSyntax>() is not null;
}
