using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>How a kernel's code names what a pass works on.</summary>
internal abstract class PassPlaces
{
    /// <summary>The index of the example that a thread works on.</summary>
    public abstract string Example { get; }

    /// <summary>How many examples there are, as a real number.</summary>
    public abstract string ExampleCount { get; }

    /// <summary>How many steps there are, as a real number.</summary>
    public abstract string StepCount { get; }

    /// <summary>A name for an operand's elements, without an underscore.</summary>
    public abstract string NameOf(int operand);

    /// <summary>An element of an operand.</summary>
    /// <param name="operand">Which of the pass' operands.</param>
    /// <param name="walk">How it is walked.</param>
    /// <param name="within">Terms of the element's distance from the example's first.</param>
    public abstract string Element(int operand, RowOperand walk, IEnumerable<string> within);

    /// <summary>The example's number among all of all steps, by which masks are drawn.</summary>
    public abstract string NumberOfMask(bool overExamples);
}

/// <summary>A pass that is a kernel of its own, or one of several: operands are fields.</summary>
internal sealed class ArgumentPlaces(RowProgram program, IReadOnlyList<string> names) : PassPlaces
{
    public ArgumentPlaces(RowProgram program)
        : this(program, KernelFields.Unnamed(program.Operands.Count))
    {
    }

    public override string Example => "example";

    public override string ExampleCount => "args.Examples";

    public override string StepCount => "args.Steps";

    public override string NameOf(int operand) => UniqueNames.CamelCase(names[operand]);

    public override string Element(int operand, RowOperand walk, IEnumerable<string> within)
    {
        string ofExample = program.OverExamples ? KernelAxes.Product(Example, walk.ExampleStride) : "";
        string field = "args." + names[operand];
        return walk.IsLabel
            ? field + "[" + ofExample + "] == " + KernelAxes.Sum(within) + " ? 1f : 0f"
            : field + "[" + KernelAxes.Sum(within.Prepend(ofExample)) + "]";
    }

    public override string NumberOfMask(bool overExamples) => overExamples ? "args.First + example" : "args.First";
}
