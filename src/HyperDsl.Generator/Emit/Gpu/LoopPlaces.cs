using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Schedule;
using HyperDsl.Generator.Schedule.Gpu;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>How a kernel of groups' own rows names its values.</summary>
internal sealed class LoopBuffers(LoopKernel kernel)
{
    /// <summary>A value's name without the number that tells it from others of the same name, and in lower case, which tells it from the place.</summary>
    public string NameOf(LoopOperand operand)
    {
        string place = kernel.Buffers[operand.Buffer].Name.Split('_')[0];
        string name = UniqueNames.CamelCase(place);
        return name == place ? "element" + name : name;
    }

    /// <summary>An element of a value.</summary>
    /// <param name="operand">The value and where in it.</param>
    /// <param name="local">Which of the group's examples; empty where examples share the element.</param>
    /// <param name="within">Terms of the distance from the example's first element.</param>
    public string Element(LoopOperand operand, string local, IEnumerable<string> within)
    {
        LoopBuffer buffer = kernel.Buffers[operand.Buffer];
        string offset = operand.Offset == 0 ? "" : Literal.Integer(operand.Offset);
        string start = local.Length == 0 || !buffer.PerExample ? "" : Start(buffer, local);
        return buffer.Memory switch
        {
            LoopMemory.Values => "values[" + KernelAxes.Sum([buffer.Name, start, offset, .. within]) + "]",
            LoopMemory.Room => "args.Room[" + KernelAxes.Sum(["own", buffer.Name, start, offset, .. within]) + "]",
            LoopMemory.Argument => "args." + buffer.Name + "[" + KernelAxes.Sum([start, offset, .. within]) + "]",
            LoopMemory memory => "args." + memory + "[" + KernelAxes.Sum([Begin(buffer), start, offset, .. within]) + "]",
        };
    }

    /// <summary>Where a value begins in its arena: values of all examples follow one another.</summary>
    private static string Begin(LoopBuffer buffer) => buffer.Offset == 0 ? "" : buffer.Memory switch
    {
        LoopMemory.Scratch or LoopMemory.Batch => "(" + buffer.Name + " * args.Examples)",
        LoopMemory.Sequence or LoopMemory.BatchSteps => "(" + buffer.Name + " * all)",
        _ => buffer.Name,
    };

    /// <summary>The number that stands for a value in the kernel: where it begins.</summary>
    public string? Declaration(LoopBuffer buffer)
    {
        if (buffer.Memory == LoopMemory.Argument || (!buffer.IsLocal && buffer.Offset == 0))
        {
            return null;
        }
        string offset = Literal.Integer(buffer.IsLocal ? checked(buffer.Offset * kernel.GroupRows) : buffer.Offset);
        return "const int " + buffer.Name + " = " + offset + "; // " + ShapeOf(buffer);
    }

    /// <summary>The shape of a value, for the reader.</summary>
    public string ShapeOf(LoopBuffer buffer) =>
        (buffer.PerStep ? "[steps] × " : "")
        + (buffer.IsLocal ? "[" + Literal.Integer(kernel.GroupRows) + "] × " : buffer.PerExample ? "[examples] × " : "") + buffer.Shape;

    private static string Start(LoopBuffer buffer, string local)
    {
        if (buffer.IsLocal)
        {
            return local == "0" ? "" : KernelAxes.Product(local, buffer.Size);
        }
        string owned = buffer.PerStep ? "present" : "first";
        return KernelAxes.Product(local == "0" ? owned : "(" + owned + " + " + local + ")", buffer.Size);
    }
}

/// <summary>A pass that is part of a step.</summary>
internal sealed class LoopPlaces(LoopBuffers buffers, IReadOnlyList<LoopOperand> operands) : PassPlaces
{
    public override string Example => "local";

    public override string ExampleCount => "(float)args.Examples";

    public override string StepCount => "(float)args.Steps";

    public override string NameOf(int operand) => buffers.NameOf(operands[operand]);

    public override string Element(int operand, RowOperand walk, IEnumerable<string> within) =>
        buffers.Element(operands[operand], walk.ExampleStride == 0 ? "" : Example, within);

    public override string NumberOfMask(bool overExamples) => "present + local";
}
