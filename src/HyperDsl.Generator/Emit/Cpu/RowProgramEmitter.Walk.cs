using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Generator.Emit.Cpu;

/// <summary>The walks along the columns: whole vectors, then what is left of the last one.</summary>
internal sealed partial class RowProgramEmitter
{
    private int Columns => program.ColumnExtents[program.ColumnExtents.Count - 1];

    private int LastAxis => program.RowExtents.Count + program.ColumnExtents.Count - 1;

    private void WriteWalk(int walk)
    {
        int[] needed = reuse.NeededIn(walk);
        int[] reductions = needed.Where(i => program.Instructions[i].Reduces).ToArray();
        foreach (int reduction in reductions)
        {
            writer.Line(Partial + " " + locals[reduction] + "All = " + Identity(reduction) + ";");
        }
        WriteColumnLoops(0, walk, needed);
        foreach (int reduction in reductions)
        {
            string function = program.Instructions[reduction].Kind == RowInstructionKind.ReduceSum ? "Sum" : "Max";
            string all = locals[reduction] + "All";
            writer.Line(precision.Type + " " + locals[reduction] + " = "
                + (Columns == 1 ? all : "VectorMath." + function + "(" + all + ")") + ";");
        }
    }

    private string Partial => Columns == 1 ? precision.Type : precision.Vector;

    private string Identity(int reduction)
    {
        bool sum = program.Instructions[reduction].Kind == RowInstructionKind.ReduceSum;
        return Columns == 1
            ? sum ? Literal.CSharp(0, precision.IsSingle) : precision.Type + ".NegativeInfinity"
            : sum ? precision.Vector + ".Zero" : "Vector512.Create(" + precision.Type + ".NegativeInfinity)";
    }

    private void WriteColumnLoops(int axis, int walk, int[] needed)
    {
        if (axis == program.ColumnExtents.Count - 1)
        {
            WriteColumns(walk, needed);
            return;
        }
        string variable = "column" + Literal.Integer(axis);
        string[] outside = (string[])pointers.Clone();
        using (writer.Block(Loop(variable, program.ColumnExtents[axis])))
        {
            Advance(operand => operand.Strides[program.RowExtents.Count + axis], variable);
            WriteColumnLoops(axis + 1, walk, needed);
        }
        outside.CopyTo(pointers, 0);
    }

    private void WriteColumns(int walk, int[] needed)
    {
        if (Columns == 1)
        {
            WriteScalarBody(needed);
            return;
        }
        int[] sums = needed.Where(i => program.Instructions[i].Kind == RowInstructionKind.Accumulate
            && StrideOf(program.Instructions[i].Operand) == 0).ToArray();
        foreach (int sum in sums)
        {
            writer.Line(precision.Vector + " " + locals[sum] + "All = " + precision.Vector + ".Zero;");
        }
        int whole = Columns / precision.Lanes * precision.Lanes;
        string lanes = Literal.Integer(precision.Lanes);
        if (whole > precision.Lanes)
        {
            using (writer.Block("for (int column = 0; column < " + Literal.Integer(whole) + "; column += " + lanes + ")"))
            {
                WriteVectorBody(walk, needed, "column", "");
            }
        }
        else if (whole == precision.Lanes)
        {
            using (writer.Block(""))
            {
                WriteVectorBody(walk, needed, "0", "");
            }
        }
        if (whole < Columns)
        {
            using (writer.Block(""))
            {
                WriteVectorBody(walk, needed, Literal.Integer(whole), Literal.Integer(Columns - whole));
            }
        }
        foreach (int sum in sums)
        {
            writer.Line(Place(program.Instructions[sum]) + " += VectorMath.Sum(" + locals[sum] + "All);");
        }
    }

    /// <summary>One loop over examples and columns alike; how much is left at the end is known at run time.</summary>
    private void WriteFlat()
    {
        int[] needed = reuse.NeededIn(0);
        writer.Line("nint count = (nint)rows * " + Literal.Integer(Columns) + ";");
        writer.Line("nint column = 0;");
        string lanes = Literal.Integer(precision.Lanes);
        using (writer.Block("for (; column <= count - " + lanes + "; column += " + lanes + ")"))
        {
            WriteVectorBody(0, needed, "column", "");
        }
        using (writer.Block("if (column < count)"))
        {
            writer.Line("int left = (int)(count - column);");
            WriteVectorBody(0, needed, "column", "left");
        }
    }

    /// <summary>The stride along the innermost loop; in a flat program examples are neighbours of columns.</summary>
    private int StrideOf(int operand)
    {
        RowOperand walked = program.Operands[operand];
        return program.Flat ? walked.ExampleStride == 0 ? 0 : 1 : walked.Strides[LastAxis];
    }

    private void WriteVectorBody(int walk, int[] needed, string position, string count)
    {
        foreach (int index in needed)
        {
            RowInstruction instruction = program.Instructions[index];
            string value = instruction.Inputs.Count > 0 ? VectorOf(instruction.Inputs[0], position) : "";
            switch (instruction.Kind)
            {
                case RowInstructionKind.Load:
                    Declare(index, Load(instruction, position, count));
                    WriteRequest(walk, index, position, count);
                    break;
                case RowInstructionKind.Apply when reuse.ReadBackFrom(index, walk) is RowInstruction store:
                    Declare(index, Load(store, position, count));
                    break;
                case RowInstructionKind.Leaf when instruction.Operation is KeepMask:
                    Declare(index, MaskCall((KeepMask)instruction.Operation, position, vector: true));
                    break;
                case RowInstructionKind.Apply:
                    string[] operands = instruction.Inputs.Select(input => VectorOf(input, position)).ToArray();
                    Declare(index, ((Elementwise)instruction.Operation!).Vector(operands, precision.IsSingle));
                    break;
                case RowInstructionKind.ReduceSum:
                    writer.Line(locals[index] + "All += " + KeepFirst(value, count, "0") + ";");
                    break;
                case RowInstructionKind.ReduceMaximum:
                    writer.Line(locals[index] + "All = VectorMath.Maximum(" + locals[index] + "All, "
                        + KeepFirst(value, count, precision.Type + ".NegativeInfinity") + ");");
                    break;
                case RowInstructionKind.Store:
                    writer.Line(StoreTo(instruction, value, position, count) + ";");
                    WriteRequest(walk, index, position, count);
                    break;
                case RowInstructionKind.Accumulate when StrideOf(instruction.Operand) == 0:
                    writer.Line(locals[index] + "All += " + KeepFirst(value, count, "0") + ";");
                    break;
                case RowInstructionKind.Accumulate:
                    string sum = Load(instruction, position, count) + " + " + value;
                    writer.Line(StoreTo(instruction, sum, position, count) + ";");
                    break;
            }
        }
    }

    private void Declare(int index, string value) =>
        writer.Line(precision.Vector + " " + locals[index] + " = " + value + ";");

    private string KeepFirst(string value, string count, string otherwise) =>
        count.Length == 0 ? value : "Lanes.KeepFirst(" + value + ", " + count + ", " + otherwise + ")";

    private string Load(RowInstruction instruction, string position, string count)
    {
        int stride = StrideOf(instruction.Operand);
        if (stride == 0)
        {
            return "Vector512.Create(" + Place(instruction) + ")";
        }
        string at = At(instruction, position, stride);
        return stride == 1
            ? count.Length == 0 ? "Vector512.Load(" + at + ")" : "VectorMath.LoadPartial(" + at + ", " + count + ")"
            : "Lanes.LoadStrided(" + at + ", " + Literal.Integer(stride) + (count.Length == 0 ? "" : ", " + count) + ")";
    }

    private string StoreTo(RowInstruction instruction, string value, string position, string count)
    {
        int stride = StrideOf(instruction.Operand);
        string at = At(instruction, position, stride);
        return stride == 1
            ? count.Length == 0
                ? "Vector512.Store(" + value + ", " + at + ")"
                : "VectorMath.StorePartial(" + value + ", " + at + ", " + count + ")"
            : "Lanes.StoreStrided(" + value + ", " + at + ", " + Literal.Integer(stride)
                + (count.Length == 0 ? "" : ", " + count) + ")";
    }

    private string At(RowInstruction instruction, string position, int stride) => pointers[instruction.Operand]
        + (instruction.Displacement == 0 ? "" : " + " + Literal.Integer(instruction.Displacement))
        + (position == "0" ? "" : stride == 1 ? " + " + position : " + ((nint)" + position + " * " + Literal.Integer(stride) + ")");

    private string VectorOf(int index, string position)
    {
        RowInstruction instruction = program.Instructions[index];
        return instruction.PerRow ? "Vector512.Create(" + ScalarOf(index) + ")" : locals[index];
    }

    private void WriteScalarBody(int[] needed)
    {
        foreach (int index in needed)
        {
            RowInstruction instruction = program.Instructions[index];
            string value = instruction.Inputs.Count > 0 ? ScalarOf(instruction.Inputs[0]) : "";
            string place = instruction.Operand >= 0 ? Place(instruction) : "";
            string declared = precision.Type + " " + locals[index] + " = ";
            switch (instruction.Kind)
            {
                case RowInstructionKind.Load:
                    writer.Line(declared + place + ";");
                    break;
                case RowInstructionKind.Leaf when instruction.Operation is KeepMask mask:
                    writer.Line(declared + "(" + precision.Type + ")" + MaskCall(mask, "0", vector: false) + ";");
                    break;
                case RowInstructionKind.Apply:
                    string[] operands = instruction.Inputs.Select(ScalarOf).ToArray();
                    writer.Line(declared + ((Elementwise)instruction.Operation!).Scalar(operands, precision.IsSingle) + ";");
                    break;
                case RowInstructionKind.ReduceSum:
                    writer.Line(locals[index] + "All += " + value + ";");
                    break;
                case RowInstructionKind.ReduceMaximum:
                    writer.Line(locals[index] + "All = VectorMath.Maximum(" + locals[index] + "All, " + value + ");");
                    break;
                case RowInstructionKind.Store:
                    writer.Line(place + " = " + value + ";");
                    break;
                case RowInstructionKind.Accumulate:
                    writer.Line(place + " += " + value + ";");
                    break;
            }
        }
    }

    /// <summary>The element's index in the example is counted over the loops, which walk the mask's own shape.</summary>
    private string MaskCall(KeepMask mask, string position, bool vector)
    {
        int[] extents = program.RowExtents.Concat(program.ColumnExtents).ToArray();
        string element = position;
        int step = Columns;
        for (int axis = extents.Length - 2; axis >= 0; axis--)
        {
            string variable = axis < program.RowExtents.Count
                ? "row" + Literal.Integer(axis)
                : "column" + Literal.Integer(axis - program.RowExtents.Count);
            element = "(" + variable + " * " + Literal.Integer(step) + ") + " + element;
            step *= extents[axis];
        }
        string method = vector ? "KeepMask<" + precision.Type + ">" : "KeepMask";
        return "CounterRandom." + method + "(key, " + Literal.Integer(mask.Site) + ", (uint)(first + example), (uint)(" + element + "), "
            + Literal.CSharp(mask.Keep, single: false) + ")";
    }
}
