using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Constructors and the initialisers they run.</content>
internal sealed partial class Interpreter
{
    private readonly Dictionary<ISymbol, IReadOnlyList<ISymbol>> initialized = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, ISymbolInitializerOperation?> initializers = new(SymbolEqualityComparer.Default);

    private void RunConstructor(ObjectValue item, IMethodSymbol constructor, ArgumentList arguments, IOperation? at, Frame frame)
    {
        Frame inner = Enter(constructor, item, new Scope(null), frame, at!, item.TypeArguments);
        for (int i = 0; i < constructor.Parameters.Length; i++)
        {
            inner.Scope.Declare(constructor.Parameters[i], i < arguments.Values.Length ? arguments.Values[i] : null);
        }
        SyntaxNode? syntax = constructor.IsImplicitlyDeclared && constructor.Parameters.Length == 0
            ? null
            : constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(token);
        try
        {
            EnsureStack();
            if (syntax is TypeDeclarationSyntax type)
            {
                RunPrimaryConstructor(item, constructor, type, inner);
            }
            else if (syntax is not null && sources.OperationOf(constructor, syntax) is IConstructorBodyOperation body)
            {
                RunConstructorBody(item, constructor, body, inner);
            }
            else
            {
                RunInitializers(item, constructor.ContainingType, inner);
                RunBaseConstructor(item, constructor.ContainingType, inner);
            }
        }
        catch (InsufficientExecutionStackException)
        {
            TooDeep(at!, frame);
        }
        current = frame;
    }

    private void RunPrimaryConstructor(ObjectValue item, IMethodSymbol constructor, TypeDeclarationSyntax syntax, Frame inner)
    {
        foreach (IParameterSymbol parameter in constructor.Parameters)
        {
            Box box = inner.Scope.Find(parameter)!;
            item.Captured[parameter] = box;
            if (syntax is RecordDeclarationSyntax
                && constructor.ContainingType.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault() is { } property
                && property.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(token) is ParameterSyntax)
                && AutoField(property) is IFieldSymbol backing)
            {
                item.Fields[backing] = new Box(box.Content);
            }
        }
        RunInitializers(item, constructor.ContainingType, inner);
        PrimaryConstructorBaseTypeSyntax? parent = syntax.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault();
        if (parent is null)
        {
            RunBaseConstructor(item, constructor.ContainingType, inner);
        }
        else if (sources.OperationOf(constructor, parent) is IInvocationOperation call)
        {
            ChainConstructor(item, call, inner);
        }
    }

    private void RunConstructorBody(ObjectValue item, IMethodSymbol constructor, IConstructorBodyOperation body, Frame inner)
    {
        IInvocationOperation? chained = body.Initializer is IExpressionStatementOperation statement
            ? statement.Operation as IInvocationOperation
            : body.Initializer as IInvocationOperation;
        bool toThis = chained is not null
            && SameDefinition(chained.TargetMethod.ContainingType, constructor.ContainingType);
        if (!toThis)
        {
            RunInitializers(item, constructor.ContainingType, inner);
        }
        if (chained is null)
        {
            RunBaseConstructor(item, constructor.ContainingType, inner);
        }
        else
        {
            ChainConstructor(item, chained, inner);
        }
        if (body.BlockBody is not null || body.ExpressionBody is not null)
        {
            Execute((IOperation?)body.BlockBody ?? body.ExpressionBody!, inner);
        }
    }

    private void ChainConstructor(ObjectValue item, IInvocationOperation call, Frame inner)
    {
        ArgumentList arguments = Arguments(call.Arguments, inner);
        IMethodSymbol target = sources.Definition(call.TargetMethod);
        if (EndsChain(target.ContainingType))
        {
            return;
        }
        if (!sources.HasSource(target.ContainingType))
        {
            NoSource(call, target, inner);
            return;
        }
        RunConstructor(item, target, arguments, call, inner);
    }

    private void RunBaseConstructor(ObjectValue item, INamedTypeSymbol type, Frame inner)
    {
        if (type.BaseType is not INamedTypeSymbol parent || EndsChain(parent))
        {
            return;
        }
        INamedTypeSymbol definition = sources.Definition(parent);
        IMethodSymbol? constructor = definition.InstanceConstructors
            .Where(candidate => candidate.Parameters.All(parameter => parameter.HasExplicitDefaultValue || parameter.IsParams))
            .OrderBy(candidate => candidate.Parameters.Length)
            .FirstOrDefault();
        if (constructor is not null && sources.HasSource(definition))
        {
            object?[] arguments = constructor.Parameters
                .Select(parameter => parameter.IsParams ? NewList([]) : parameter.ExplicitDefaultValue)
                .ToArray();
            RunConstructor(item, constructor, new ArgumentList(arguments), inner.CallSite, inner);
        }
    }

    /// <summary>What lies below a model or an object holds nothing that is traced.</summary>
    private static bool EndsChain(ITypeSymbol type) =>
        WellKnown.IsModel(type) || type.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType;

    private void RunInitializers(ObjectValue item, INamedTypeSymbol type, Frame frame)
    {
        if (!initialized.TryGetValue(type, out IReadOnlyList<ISymbol>? members))
        {
            members = FieldOrder.Sort(
                type.GetMembers().Where(member => !member.IsStatic && !member.IsImplicitlyDeclared
                    && (member is IFieldSymbol { IsConst: false } || (member is IPropertySymbol property && AutoField(property) is not null))),
                member => member);
            initialized.Add(type, members);
        }
        foreach (ISymbol member in members)
        {
            if (InitializerOf(member) is ISymbolInitializerOperation initializer)
            {
                object? value = Named(Copy(Evaluate(initializer.Value, frame)), member.Name);
                IFieldSymbol field = member as IFieldSymbol ?? AutoField((IPropertySymbol)member)!;
                if (item.Fields.TryGetValue(field, out Box? box))
                {
                    box.Content = value;
                }
                else
                {
                    item.Fields.Add(field, new Box(value));
                }
            }
        }
    }

    private ISymbolInitializerOperation? InitializerOf(ISymbol member)
    {
        if (!initializers.TryGetValue(member, out ISymbolInitializerOperation? initializer))
        {
            EqualsValueClauseSyntax? clause = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(token) switch
            {
                VariableDeclaratorSyntax declarator => declarator.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            initializer = clause is null ? null : sources.OperationOf(member, clause) as ISymbolInitializerOperation;
            initializers.Add(member, initializer);
        }
        return initializer;
    }
}
