using HyperDsl.Generator.Diagnostics;
using HyperDsl.Generator.Ir;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace HyperDsl.Generator.Trace;

/// <content>Making weights.</content>
internal sealed partial class Interpreter
{
    private object? CreateWeight(IObjectCreationOperation creation, Frame frame)
    {
        object?[] arguments = Arguments(creation.Arguments, frame).Values;
        if (Integers(arguments) is not int[] sizes)
        {
            return arguments.Any(IsComplainedAbout)
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

    private static bool IsComplainedAbout(object? value) => value is Poison || (value is ListValue list && list.Items.Any(IsComplainedAbout));

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
