using System.Collections.Immutable;
using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Making objects.</content>
internal sealed partial class Interpreter
{
    private readonly Dictionary<ISymbol, IReadOnlyList<ISymbol>> initialized = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, ISymbolInitializerOperation?> initializers = new(SymbolEqualityComparer.Default);

    /// <summary>Makes an object by a constructor without arguments, or whose parameters all have defaults.</summary>
    public ObjectValue Construct(INamedTypeSymbol type, IMethodSymbol constructor, IOperation? at)
    {
        Frame root = new(null, null, new Scope(null), null, null);
        object?[] arguments = constructor.Parameters
            .Select(parameter => parameter.HasExplicitDefaultValue ? parameter.ExplicitDefaultValue : null)
            .ToArray();
        return Construct(new TypeValue(type, []), constructor, new ArgumentList(arguments), at, root);
    }

    private object? EvaluateCreation(IObjectCreationOperation creation, Frame frame)
    {
        if (creation.Constructor is not IMethodSymbol constructor || creation.Type is not INamedTypeSymbol type)
        {
            return Invalid(creation, frame);
        }
        object? made;
        if (WellKnown.IsWeight(type))
        {
            made = CreateWeight(creation, frame);
        }
        else if (WellKnown.IsInitialiser(type))
        {
            return OpaqueValue.Instance;
        }
        else if (WellKnown.IsTensor(type) || WellKnown.IsLabel(type))
        {
            return Unsupported(
                creation, "a tensor or label made of numbers (use constants, 'Full', inputs, or weights with 'Trained = false')", frame);
        }
        else if (sources.HasSource(sources.Definition(type)))
        {
            ArgumentList arguments = Arguments(creation.Arguments, frame);
            made = arguments.Values.Any(value => value is Poison) && type.TypeKind == TypeKind.Struct
                ? Poison.Instance
                : Construct(Resolve(type, frame), constructor, arguments, creation, frame);
        }
        else
        {
            made = CreateKnown(constructor, Arguments(creation.Arguments, frame).Values, creation, frame);
        }
        if (creation.Initializer is not null && made is not Poison)
        {
            Initialize(creation.Initializer, made, frame);
        }
        return made;
    }

    private object? EvaluateTypeParameterCreation(ITypeParameterObjectCreationOperation creation, Frame frame)
    {
        TypeValue type = Resolve(creation.Type!, frame);
        IMethodSymbol? constructor = (type.Definition as INamedTypeSymbol)?.InstanceConstructors
            .FirstOrDefault(candidate => candidate.Parameters.Length == 0);
        if (constructor is null || !sources.HasSource(type.Definition))
        {
            return NoSource(creation, type.Definition, frame);
        }
        ObjectValue made = Construct(type, constructor, new ArgumentList([]), creation, frame);
        if (creation.Initializer is not null)
        {
            Initialize(creation.Initializer, made, frame);
        }
        return made;
    }

    private void Initialize(IObjectOrCollectionInitializerOperation initializer, object? target, Frame frame)
    {
        object? outer = frame.Implicit;
        frame.Implicit = target;
        foreach (IOperation member in initializer.Initializers)
        {
            if (member is IMemberInitializerOperation nested)
            {
                Initialize(nested.Initializer, Evaluate(nested.InitializedMember, frame), frame);
            }
            else
            {
                Evaluate(member, frame);
            }
        }
        frame.Implicit = outer;
    }

    private object EvaluateWith(IWithOperation with, Frame frame)
    {
        object? operand = Evaluate(with.Operand, frame);
        if (operand is not ObjectValue item)
        {
            return operand is Poison ? operand : Unsupported(with, "'with' on " + Describe(operand), frame);
        }
        ObjectValue copy = item.Clone(epoch);
        Initialize(with.Initializer, copy, frame);
        return copy;
    }

    private ObjectValue Construct(TypeValue type, IMethodSymbol constructor, ArgumentList arguments, IOperation? at, Frame frame)
    {
        ObjectValue item = new(type, epoch);
        AddTypeArguments(item, type);
        RunConstructor(item, sources.Definition(constructor), arguments, at, frame);
        return item;
    }

    private void AddTypeArguments(ObjectValue item, TypeValue type)
    {
        if (type.Definition is not INamedTypeSymbol named)
        {
            return;
        }
        for (int i = 0; i < named.TypeParameters.Length && i < type.Arguments.Count; i++)
        {
            item.TypeArguments[named.TypeParameters[i]] = type.Arguments[i];
        }
        if (named.BaseType is { SpecialType: SpecialType.None } parent)
        {
            AddTypeArguments(item, Resolve(parent, item.TypeArguments));
        }
    }

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

    /// <summary>The value a variable of a type has before anything is assigned to it.</summary>
    private object? DefaultOf(ITypeSymbol? type, Frame? frame)
    {
        if (type is ITypeParameterSymbol && frame is not null)
        {
            type = Resolve(type, frame).Definition;
        }
        if (type is null || !type.IsValueType || type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T })
        {
            return null;
        }
        if (type.IsTupleType)
        {
            return new TupleValue(((INamedTypeSymbol)type).TupleElements.Select(element => DefaultOf(element.Type, frame)).ToArray());
        }
        if (type.SpecialType == SpecialType.System_Boolean)
        {
            return false;
        }
        if (type.Name == "Index" && type.ContainingNamespace?.Name == "System")
        {
            return new IndexValue(0, false);
        }
        if (ConvertConstant(0, type) is { } zero && (IsNumeric(type) || type.TypeKind == TypeKind.Enum))
        {
            return zero;
        }
        ObjectValue made = new(Resolve(type, frame), epoch);
        AddTypeArguments(made, made.Type);
        return made;
    }

    private static bool IsNumeric(ITypeSymbol type) => type.SpecialType is
        SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Single or SpecialType.System_Double
        or SpecialType.System_Char or SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Int16
        or SpecialType.System_UInt16;

    private object? CreateWeight(IObjectCreationOperation creation, Frame frame)
    {
        object?[] arguments = Arguments(creation.Arguments, frame).Values;
        if (Integers(arguments) is not int[] sizes)
        {
            return arguments.Any(argument => argument is Poison)
                ? Poison.Instance
                : Report(
                    Descriptors.NotConstant,
                    $"'{ProblemLog.Excerpt(creation.Syntax)}': the sizes of a weight must be known at compile time.",
                    creation,
                    frame);
        }
        if (sizes.Any(size => size <= 0) || sizes.Aggregate(1L, (product, size) => Math.Min(product * size, 1L << 40)) > int.MaxValue)
        {
            return Report(
                Descriptors.BadWeightShape,
                $"'{ProblemLog.Excerpt(creation.Syntax)}' makes a weight of shape {Shape.Of(sizes)}: sizes must be positive and a "
                + "weight may have at most 2147483647 elements.",
                creation,
                frame);
        }
        WeightValue weight = new(Shape.Of(sizes), weightsMade++, epoch);
        Weights.Add(weight);
        WeightPlaces.Add((creation, frame));
        return weight;
    }

    /// <summary>Sizes given as one list or as single numbers; null if they are anything else.</summary>
    private static int[]? Integers(IEnumerable<object?> arguments)
    {
        List<int> numbers = [];
        foreach (object? argument in arguments)
        {
            switch (argument)
            {
                case int number:
                    numbers.Add(number);
                    break;
                case ListValue list when Integers(list.Items) is int[] inner:
                    numbers.AddRange(inner);
                    break;
                default:
                    return null;
            }
        }
        return numbers.ToArray();
    }

    private void SetWeightProperty(WeightValue weight, IPropertySymbol property, object? value, IOperation at, Frame frame)
    {
        Change(weight, at, frame);
        if (property.Name == "Trained")
        {
            weight.Trained = value is not false;
        }
        else if (property.Name != "Init")
        {
            Unsupported(at, $"setting '{property.Name}' of a weight", frame);
        }
    }
}
