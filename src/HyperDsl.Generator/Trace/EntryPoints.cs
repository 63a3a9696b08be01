using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Trace;

/// <summary>An entry method and its inputs.</summary>
internal sealed record EntryPoint(IMethodSymbol Method, bool IsLoss, EquatableArray<Input> Inputs);

/// <summary>Finds a model's entry points and checks their declarations.</summary>
internal static class EntryPoints
{
    public static List<EntryPoint> Find(INamedTypeSymbol model, Sources sources, ProblemLog log)
    {
        List<EntryPoint> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (IMethodSymbol method in Methods(model, sources))
        {
            bool isLoss = Marked(method, "LossAttribute");
            if (isLoss && Marked(method, "PredictAttribute"))
            {
                log.ReportAt(
                    Descriptors.BadEntry, $"'{method.Name}' is marked both [Predict] and [Loss]. Choose one.", PlaceOf(method));
                continue;
            }
            if (!names.Add(method.Name))
            {
                log.ReportAt(
                    Descriptors.DuplicateEntry,
                    $"'{model.Name}' has two entry points named '{method.Name}'. Entry points are called by name: give each its own.",
                    PlaceOf(method));
                continue;
            }
            if (CheckForm(method, log) && ReadInputs(method, log) is { } inputs)
            {
                entries.Add(new EntryPoint(method, isLoss, inputs.ToEquatable()));
            }
        }
        if (names.Count == 0 && log.Problems.Count == 0)
        {
            log.ReportAt(
                Descriptors.NoEntry,
                $"'{model.Name}' has no entry point. Mark a method with [Predict], or one that returns the loss with [Loss].",
                PlaceOf(model));
        }
        return entries;
    }

    /// <summary>Marked methods, those of base classes first; an override takes the place of what it overrides.</summary>
    private static List<IMethodSymbol> Methods(INamedTypeSymbol model, Sources sources)
    {
        List<INamedTypeSymbol> chain = [];
        for (INamedTypeSymbol? type = model; type is not null; type = type.BaseType)
        {
            chain.Insert(0, sources.Definition(type));
        }
        List<IMethodSymbol> methods = [];
        foreach (INamedTypeSymbol type in chain)
        {
            IEnumerable<IMethodSymbol> declared = type.GetMembers().OfType<IMethodSymbol>()
                .Where(method => Marked(method, "PredictAttribute") || Marked(method, "LossAttribute"));
            foreach (IMethodSymbol method in FieldOrder.Sort(declared, method => method))
            {
                int overridden = methods.FindIndex(
                    other => method.IsOverride && other.Name == method.Name && other.Parameters.Length == method.Parameters.Length);
                if (overridden >= 0)
                {
                    methods[overridden] = method;
                }
                else
                {
                    methods.Add(method);
                }
            }
        }
        return methods;
    }

    private static bool Marked(IMethodSymbol method, string attribute)
    {
        for (IMethodSymbol? at = method; at is not null; at = at.OverriddenMethod)
        {
            if (WellKnown.HasAttribute(at, attribute))
            {
                return true;
            }
        }
        return false;
    }

    private static bool CheckForm(IMethodSymbol method, ProblemLog log)
    {
        string? fault = method.IsStatic ? "is static"
            : method.IsGenericMethod ? "is generic"
            : method.IsAsync ? "is asynchronous"
            : method.IsAbstract ? "has no body"
            : !WellKnown.IsTensor(method.ReturnType) ? "returns " + method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)
            : null;
        if (fault is not null)
        {
            log.ReportAt(
                Descriptors.BadEntry,
                $"The entry point '{method.Name}' {fault}. An entry point is an instance method with a body that returns a Tensor.",
                PlaceOf(method));
        }
        return fault is null;
    }

    private static List<Input>? ReadInputs(IMethodSymbol method, ProblemLog log)
    {
        List<Input> inputs = [];
        bool complete = true;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (ReadInput(method, parameter, log) is Input input)
            {
                inputs.Add(input);
            }
            else
            {
                complete = false;
            }
        }
        return complete ? inputs : null;
    }

    private static Input? ReadInput(IMethodSymbol method, IParameterSymbol parameter, ProblemLog log)
    {
        bool steps = InputAttribute(method, parameter, "StepsAttribute") is not null;
        if (WellKnown.IsLabel(parameter.Type))
        {
            if (InputAttribute(method, parameter, "ClassesAttribute") is not { ConstructorArguments: [{ Value: int and > 0 and int classes }] })
            {
                log.ReportAt(
                    Descriptors.MissingClasses,
                    $"The label '{parameter.Name}' has no number of classes. Write [Classes(n)] before it; labels then run from 0 to n - 1.",
                    PlaceOf(parameter));
                return null;
            }
            return new Input(parameter.Name, Shape.Scalar, ElementKind.Index, classes, steps);
        }
        if (!WellKnown.IsOurs(parameter.Type, "Tensor") || parameter.RefKind != RefKind.None)
        {
            log.ReportAt(
                Descriptors.BadEntry,
                $"The input '{parameter.Name}' is of type {parameter.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}. "
                + "Inputs are a Tensor with [Shape(…)] or a Label with [Classes(…)].",
                PlaceOf(parameter));
            return null;
        }
        if (InputAttribute(method, parameter, "ShapeAttribute") is not { } attribute || SizesOf(attribute) is not int[] sizes)
        {
            log.ReportAt(
                Descriptors.MissingShape,
                $"The input '{parameter.Name}' has no shape. Write [Shape(…)] before it with the sizes of one example, all of them positive.",
                PlaceOf(parameter));
            return null;
        }
        return new Input(parameter.Name, Shape.Of(sizes), ElementKind.Real, 0, steps);
    }

    /// <summary>The attribute on the parameter, or on the parameter of the method that is overridden.</summary>
    private static AttributeData? InputAttribute(IMethodSymbol method, IParameterSymbol parameter, string name)
    {
        for (IMethodSymbol? at = method; at is not null; at = at.OverriddenMethod)
        {
            if (WellKnown.Attribute(at.Parameters[parameter.Ordinal], name) is AttributeData attribute)
            {
                return attribute;
            }
        }
        return null;
    }

    private static int[]? SizesOf(AttributeData attribute)
    {
        if (attribute.ConstructorArguments is not [{ Kind: TypedConstantKind.Array } argument] || argument.IsNull)
        {
            return attribute.ConstructorArguments.Length == 0 ? [] : null;
        }
        int[] sizes = argument.Values.Select(value => value.Value is int size ? size : 0).ToArray();
        return sizes.All(size => size > 0) ? sizes : null;
    }

    private static Location? PlaceOf(ISymbol symbol) => symbol.Locations.FirstOrDefault(location => location.IsInSource);
}
