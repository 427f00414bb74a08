using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Thimble.Analyzers;

/// <summary>What a method may not do.</summary>
internal static class OperationRules
{
    public static readonly OperationKind[] Kinds =
    [
        OperationKind.Throw, OperationKind.Try, OperationKind.Using, OperationKind.UsingDeclaration, OperationKind.Lock,
        OperationKind.ObjectCreation, OperationKind.TypeParameterObjectCreation, OperationKind.AnonymousObjectCreation,
        OperationKind.ArrayCreation, OperationKind.CollectionExpression, OperationKind.InterpolatedString, OperationKind.Literal,
        OperationKind.NameOf, OperationKind.AnonymousFunction, OperationKind.DelegateCreation, OperationKind.Conversion,
        OperationKind.Binary, OperationKind.Await, OperationKind.YieldReturn, OperationKind.YieldBreak,
        OperationKind.SwitchExpression, OperationKind.VariableDeclarator, OperationKind.DeclarationExpression,
        OperationKind.DeclarationPattern, OperationKind.Invocation, OperationKind.PropertyReference, OperationKind.FieldReference,
        OperationKind.MethodReference, OperationKind.TypeOf, OperationKind.None,
    ];

    public static void Judge(OperationAnalysisContext context)
    {
        switch (context.Operation)
        {
            case IThrowOperation or ITryOperation or IUsingOperation or IUsingDeclarationOperation or ILockOperation:
                Report(context, Rules.Exceptions, Words(context.Operation));
                break;
            case IObjectCreationOperation creation:
                ObjectCreation(context, creation);
                break;
            case ITypeParameterObjectCreationOperation or IAnonymousObjectCreationOperation or ITypeOfOperation:
                Report(context, Rules.Heap, Words(context.Operation));
                break;
            case IArrayCreationOperation array:
                ArrayCreation(context, array);
                break;
            case ICollectionExpressionOperation collection:
                CollectionExpression(context, collection);
                break;
            case IInterpolatedStringOperation or INameOfOperation:
                Report(context, Rules.Strings, Words(context.Operation));
                break;
            case ILiteralOperation literal:
                Literal(context, literal);
                break;
            case IAnonymousFunctionOperation or IDelegateCreationOperation { IsImplicit: false }:
                Report(context, Rules.Delegates, Words(context.Operation));
                break;
            case IDelegateCreationOperation { Target: IMethodReferenceOperation }:
                Report(context, Rules.Delegates, Words(context.Operation));
                break;
            case IConversionOperation conversion:
                Conversion(context, conversion);
                break;
            case IBinaryOperation binary when Types.IsFloatingPoint(binary.Type):
                Report(context, Rules.FloatingPoint, Words(binary), binary.Type!.ToDisplayString());
                break;
            case IAwaitOperation or IReturnOperation { Kind: OperationKind.YieldReturn or OperationKind.YieldBreak }:
                Report(context, Rules.Coroutines, Words(context.Operation));
                break;
            case ISwitchExpressionOperation choice:
                SwitchExpression(context, choice);
                break;
            case IVariableDeclaratorOperation declarator:
                Local(context, declarator.Symbol);
                break;
            case IDeclarationExpressionOperation { Expression: ILocalReferenceOperation declared }:
                Local(context, declared.Local);
                break;
            case IDeclarationPatternOperation { DeclaredSymbol: ILocalSymbol matched }:
                Local(context, matched);
                break;
            case IInvocationOperation invocation:
                Call(context, invocation.TargetMethod, invocation.Instance, invocation.IsVirtual);
                break;
            case IPropertyReferenceOperation { Property: { } property } reference:
                Call(context, property, reference.Instance, property.IsVirtual || property.IsAbstract || property.IsOverride);
                break;
            case IFieldReferenceOperation { Field: { IsConst: false } field }:
                Call(context, field, null, false);
                break;
            default:
                if (context.Operation.Syntax.IsKind(SyntaxKind.StackAllocArrayCreationExpression) || context.Operation.Syntax.IsKind(SyntaxKind.ImplicitStackAllocArrayCreationExpression))
                {
                    Report(context, Rules.BigLocal, "stackalloc", 0);
                }

                break;
        }
    }

    private static void ObjectCreation(OperationAnalysisContext context, IObjectCreationOperation creation)
    {
        if (creation.Type is { IsReferenceType: true, TypeKind: not TypeKind.Delegate })
        {
            Report(context, Rules.Heap, Words(creation));
        }
        else if (creation.Constructor is { } constructor)
        {
            Call(context, constructor, null, false);
        }
    }

    private static void ArrayCreation(OperationAnalysisContext context, IArrayCreationOperation array)
    {
        if (array.IsImplicit)
        {
            return;
        }

        IOperation? parent = array.Parent;
        if (parent is IConversionOperation && Types.IsSpan(parent.Type, "ReadOnlySpan") && array.Initializer is { } values)
        {
            Table(context, ((IArrayTypeSymbol)array.Type!).ElementType, values.ElementValues.All(IsConstant));
            return;
        }

        Report(context, Rules.Heap, Words(array));
    }

    private static void CollectionExpression(OperationAnalysisContext context, ICollectionExpressionOperation collection)
    {
        if (Types.IsSpan(collection.Type, "ReadOnlySpan"))
        {
            Table(context, ((INamedTypeSymbol)collection.Type!).TypeArguments[0], collection.Elements.All(IsConstant));
        }
        else
        {
            Report(context, Rules.Heap, Words(collection));
        }
    }

    private static void Table(OperationAnalysisContext context, ITypeSymbol element, bool isConstant)
    {
        if (!isConstant || !Types.IsPrimitive(element))
        {
            Report(context, Rules.Table, Words(context.Operation));
        }
    }

    private static bool IsConstant(IOperation value) => value.ConstantValue.HasValue;

    private static void Literal(OperationAnalysisContext context, ILiteralOperation literal)
    {
        if (literal.Type?.SpecialType == SpecialType.System_String)
        {
            Report(context, Rules.Strings, Words(literal));
        }
        else if (Types.IsFloatingPoint(literal.Type))
        {
            Report(context, Rules.FloatingPoint, Words(literal), literal.Type!.ToDisplayString());
        }
    }

    private static void Conversion(OperationAnalysisContext context, IConversionOperation conversion)
    {
        if (conversion.GetConversion().IsBoxing)
        {
            Report(context, Rules.Boxing, Words(conversion));
        }
        else if (Types.IsFloatingPoint(conversion.Type))
        {
            Report(context, Rules.FloatingPoint, Words(conversion), conversion.Type!.ToDisplayString());
        }
    }

    private static void SwitchExpression(OperationAnalysisContext context, ISwitchExpressionOperation choice)
    {
        if (!choice.Arms.Any(arm => arm.Guard is null && arm.Pattern is IDiscardPatternOperation))
        {
            Report(context, Rules.OpenSwitch);
        }
    }

    private static void Local(OperationAnalysisContext context, ILocalSymbol local)
    {
        if (local.RefKind == RefKind.None && Types.Bytes(local.Type) > Types.MaxLocalBytes)
        {
            Report(context, Rules.BigLocal, $"'{local.Name}'", Types.MaxLocalBytes);
        }
        else if (Types.IsFloatingPoint(local.Type))
        {
            Report(context, Rules.FloatingPoint, $"'{local.Name}'", local.Type.ToDisplayString());
        }
    }

    private static void Call(OperationAnalysisContext context, ISymbol member, IOperation? instance, bool isVirtual)
    {
        INamedTypeSymbol? type = member.ContainingType;
        if (instance?.Type is { IsValueType: true } && type?.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType or SpecialType.System_Enum)
        {
            Report(context, Rules.Boxing, Words(context.Operation));
        }
        else if (isVirtual && instance?.Type is { TypeKind: TypeKind.Interface or TypeKind.Class })
        {
            Report(context, Rules.Dispatch, Words(context.Operation));
        }
        else if (type is not null && !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, context.Compilation.Assembly) && !Types.IsInRuntime(type))
        {
            Report(context, Rules.OtherLibrary, $"'{type.ToDisplayString()}.{member.Name}'");
        }
    }

    /// <summary>The source itself, shortened, as a message's subject.</summary>
    private static string Words(IOperation operation)
    {
        const int longest = 40;
        string text = operation.Syntax.ToString().Split('\n')[0].Trim();
        return $"'{(text.Length > longest ? text.Substring(0, longest) + "…" : text)}'";
    }

    private static void Report(OperationAnalysisContext context, DiagnosticDescriptor rule, params object[] arguments) =>
        context.ReportDiagnostic(Diagnostic.Create(rule, context.Operation.Syntax.GetLocation(), arguments));
}
