using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Gpu;

/// <summary>Prints the instructions of a row program for one element: what kernels of passes and of sums have in common.</summary>
internal sealed class PassBody
{
    private readonly SourceWriter writer;
    private readonly RowProgram program;
    private readonly PassPlaces places;
    private readonly string[] locals;
    private readonly IReadOnlyDictionary<int, string> registers;

    /// <param name="writer">Where to.</param>
    /// <param name="program">The row program.</param>
    /// <param name="places">How operands are named; <c>null</c> for a kernel of its own.</param>
    /// <param name="registers">Variables of operands that are not in memory.</param>
    public PassBody(
        SourceWriter writer, RowProgram program, PassPlaces? places = null, IReadOnlyDictionary<int, string>? registers = null)
    {
        this.writer = writer;
        this.program = program;
        this.places = places ?? new ArgumentPlaces(program);
        this.registers = registers ?? new Dictionary<int, string>();
        locals = program.Instructions.Select((instruction, i) =>
            InRegister(instruction, out string variable) ? variable : LocalName(instruction) + "_" + Literal.Integer(i)).ToArray();
        Rows = program.RowExtents.Select((extent, i) => new KernelAxis("row" + Literal.Integer(i), extent)).ToList();
        Columns = program.ColumnExtents.Count == 1
            ? [new KernelAxis("column", program.ColumnExtents[0])]
            : program.ColumnExtents.Select((extent, i) => new KernelAxis("column" + Literal.Integer(i), extent)).ToList();
        if (program.OverExamples)
        {
            Rows.Insert(0, new KernelAxis(this.places.Example, 1, IsOpen: true));
        }
    }

    /// <summary>Axes of the rows, the examples before them.</summary>
    public List<KernelAxis> Rows { get; }

    /// <summary>Axes of a row.</summary>
    public List<KernelAxis> Columns { get; }

    /// <summary>Variables of the values of instructions.</summary>
    public IReadOnlyList<string> Locals => locals;

    /// <summary>Where an operand's element is, in a kernel of its own.</summary>
    public string Address(RowOperand operand, string example) => KernelAxes.Sum(
        Within(operand, perRow: false).Prepend(program.OverExamples ? KernelAxes.Product(example, operand.ExampleStride) : ""));

    /// <summary>An element of an operand.</summary>
    public string Element(int operand, bool perRow = false) =>
        places.Element(operand, program.Operands[operand], Within(program.Operands[operand], perRow));

    private List<string> Within(RowOperand operand, bool perRow)
    {
        List<string> terms = [];
        for (int axis = 0; axis < operand.Strides.Count; axis++)
        {
            bool isRow = axis < program.RowExtents.Count;
            if (isRow || !perRow)
            {
                string name = isRow
                    ? Rows[axis + (program.OverExamples ? 1 : 0)].Name
                    : Columns[axis - program.RowExtents.Count].Name;
                int extent = isRow ? program.RowExtents[axis] : program.ColumnExtents[axis - program.RowExtents.Count];
                terms.Add(extent == 1 ? "" : KernelAxes.Product(name, operand.Strides[axis]));
            }
        }
        return terms;
    }

    /// <summary>Declares the value of a load, a mask or an operation; a constant needs no line.</summary>
    public void WriteValue(int index)
    {
        RowInstruction instruction = program.Instructions[index];
        switch (instruction.Kind)
        {
            case RowInstructionKind.Load when !InRegister(instruction, out _):
                writer.Line("float " + locals[index] + " = " + Element(instruction.Operand, instruction.PerRow) + ";");
                break;
            case RowInstructionKind.Leaf when instruction.Operation is KeepMask mask:
                writer.Line("float " + locals[index] + " = " + Mask(mask) + ";");
                break;
            case RowInstructionKind.Apply:
                string[] operands = instruction.Inputs.Select(Scalar).ToArray();
                writer.Line("float " + locals[index] + " = " + Spelled((Elementwise)instruction.Operation!, operands) + ";");
                break;
        }
    }

    public void WriteStore(int index, string condition = "", string? value = null)
    {
        RowInstruction instruction = program.Instructions[index];
        string line = Element(instruction.Operand, instruction.PerRow) + " = " + (value ?? Scalar(instruction.Inputs[0])) + ";";
        if (condition.Length == 0)
        {
            writer.Line(line);
            return;
        }
        using (writer.Block("if (" + condition + ")"))
        {
            writer.Line(line);
        }
    }

    /// <summary>A value as an expression.</summary>
    public string Scalar(int index)
    {
        RowInstruction instruction = program.Instructions[index];
        return instruction.Operation switch
        {
            Constant constant when instruction.Kind == RowInstructionKind.Leaf => Literal.CSharp(constant.Number, single: true),
            ExampleCount => places.ExampleCount,
            StepCount => places.StepCount,
            _ => locals[index],
        };
    }

    /// <summary>Operations are spelled as on the CPU, with the elementary functions of the device.</summary>
    private static string Spelled(Elementwise operation, string[] operands) =>
        operation.Scalar(operands, single: true).Replace("VectorMath.", "DeviceMath.").Replace("float.Abs", "MathF.Abs").Replace("float.Sqrt", "MathF.Sqrt");

    /// <summary>The element's index in the example is counted over the axes, which are those of the mask's own shape.</summary>
    private string Mask(KeepMask mask)
    {
        List<string> terms = [];
        int stride = 1;
        foreach (KernelAxis axis in Rows.Concat(Columns).Reverse())
        {
            if (!axis.IsOpen)
            {
                terms.Insert(0, axis.Extent == 1 ? "" : KernelAxes.Product(axis.Name, stride));
                stride = checked(stride * axis.Extent);
            }
        }
        string example = places.NumberOfMask(program.OverExamples);
        return "DeviceRandom.KeepMask(args.Key, " + Literal.Integer(mask.Site) + ", " + example + ", " + KernelAxes.Sum(terms) + ", "
            + Literal.Integer((long)Math.Round(Math.Min(1, Math.Max(0, mask.Keep)) * (1 << 24))) + ")";
    }

    private bool InRegister(RowInstruction instruction, out string variable)
    {
        variable = "";
        return instruction.Kind == RowInstructionKind.Load && registers.TryGetValue(instruction.Operand, out variable!);
    }

    private string LocalName(RowInstruction instruction) => instruction.Kind switch
    {
        RowInstructionKind.Load => places.NameOf(instruction.Operand),
        RowInstructionKind.ReduceSum => "sum",
        RowInstructionKind.ReduceMaximum => "maximum",
        RowInstructionKind.Apply => instruction.Operation!.Name,
        RowInstructionKind.Leaf => "leaf",
        _ => "stored",
    };
}
