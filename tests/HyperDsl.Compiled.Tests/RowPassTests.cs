using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Ops.Lowered;
using HyperDsl.Generator.Schedule;

namespace HyperDsl.Compiled.Tests;

/// <summary>How passes along rows save work: each case has the form it should have, and agrees with the interpreter.</summary>
public sealed class RowPassTests
{
    [Fact]
    public void A_costly_value_is_computed_in_one_of_several_walks()
    {
        CaseBuilder c = new();
        string text = Checked(c, Normalised(c, c.Tanh(c.X(6, 48)), 1));
        Assert.Equal(1, Count(text, "VectorMath.Tanh("));
        // Nobody else reads it, so it stays in a buffer of one row.
        Assert.Contains("stackalloc", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_value_is_read_back_from_where_it_is()
    {
        CaseBuilder c = new();
        Value tanh = c.Tanh(c.X(6, 48));
        Value product = c.Einsum("ij,j>i", c.W(20, 288), c.Reshape(tanh, 288));
        string text = Checked(c, c.Concat(0, c.Reshape(Normalised(c, tanh, 1), 288), product));
        Assert.Equal(1, Count(text, "VectorMath.Tanh("));
        Assert.DoesNotContain("stackalloc", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_an_odd_length_in_two_axes_are_buffered_too()
    {
        CaseBuilder c = new();
        string text = Checked(c, Normalised(c, c.Tanh(c.Transpose(c.X(19, 3), 1, 0)), 0, 1));
        Assert.Contains("stackalloc", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_fills_the_first_cache_is_computed_again()
    {
        CaseBuilder c = new();
        string text = Checked(c, Normalised(c, c.Tanh(c.X(2100)), 0));
        Assert.DoesNotContain("stackalloc", text, StringComparison.Ordinal);
        Assert.True(Count(text, "VectorMath.Tanh(") > 1, text);
    }

    [Fact]
    public void What_is_computed_early_joins_the_pass_that_reads_it_late()
    {
        CaseBuilder c = new();
        Value early = c.Tanh(c.X(5, 30));
        Value square = c.X(5, 30);
        Value sum = c.Sum(c.Graph.Times(square, square), 1);
        Value late = c.Both(new Multiply(), early, c.Reshape(sum, 5, 1));
        Checked(c, late, out RoutineProgram program);
        Assert.Single(Passes(program));
    }

    [Fact]
    public void A_number_of_each_row_joins_the_pass_that_walks_the_rows()
    {
        CaseBuilder c = new();
        Value ofRow = c.Tanh(c.X(5, 1));
        Value scaled = c.Both(new Multiply(), ofRow, c.X(5, 30));
        Value sum = c.Sum(c.Graph.Times(scaled, scaled), 1);
        Checked(c, c.Both(new Multiply(), scaled, c.Reshape(sum, 5, 1)), out RoutineProgram program);
        Assert.Single(Passes(program));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void A_product_with_few_numbers_of_an_example_is_part_of_the_pass_that_reads_it(int terms, bool elementwise)
    {
        CaseBuilder c = new();
        Value scale = c.Einsum("gnz,gz>gn", c.W(3, 20, terms), c.Tanh(c.X(3, terms)));
        Checked(c, c.Both(new Multiply(), scale, c.X(3, 20)), out RoutineProgram program);
        Assert.Equal(elementwise, !program.Phases[1].Steps.OfType<CallStep>().Any(step => step.Operation is Gemm));
    }

    [Fact]
    public void Slices_of_a_flattened_product_are_products_of_their_own()
    {
        CaseBuilder c = new();
        Value scale = c.Reshape(c.Einsum("gnz,gz>gn", c.W(4, 20, 3), c.X(4, 3)), 80);
        Value first = c.Graph.Times(c.Add(new Slice(0, 0, 40), scale), c.X(40));
        Value second = c.Graph.Times(c.Add(new Slice(0, 40, 40), scale), c.X(40));
        Checked(c, c.Graph.Plus(first, second), out RoutineProgram program);
        Assert.Single(Passes(program));
    }

    [Fact]
    public void A_slice_across_the_rows_of_a_product_stays_a_slice()
    {
        CaseBuilder c = new();
        Value scale = c.Reshape(c.Einsum("gnz,gz>gn", c.W(4, 20, 3), c.X(4, 3)), 80);
        Checked(c, c.Graph.Times(c.Add(new Slice(0, 10, 40), scale), c.X(40)));
    }

    [Fact]
    public void Flat_products_and_a_norm_of_their_rows_share_a_pass()
    {
        CaseBuilder c = new();
        Value gates = c.Graph.Times(c.Reshape(c.Tanh(c.X(4, 20)), 80), c.X(80));
        Checked(c, c.Reshape(Normalised(c, c.Reshape(gates, 4, 20), 1), 80), out RoutineProgram program);
        Assert.Single(Passes(program));
    }

    [Fact]
    public void A_mask_of_a_flattened_value_is_drawn_where_it_is_used()
    {
        CaseBuilder c = new();
        Value kept = c.Add(new Select(), c.Mask(80), c.Reshape(c.Tanh(c.X(4, 20)), 80), c.Full(0, 80));
        TestModel model = c.Training(kept);
        GraphCheck.Check(model, 1, 19);
        Assert.DoesNotContain(
            GraphCheck.Case.Of(model).Program.Phases.SelectMany(phase => phase.Steps).OfType<RowStep>(), step => step.Comment.Contains("copy", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Parts_of_one_buffer_are_reached_from_one_address()
    {
        CaseBuilder c = new();
        Value gates = c.X(80);
        Value Gate(int index) => c.Add(new Slice(0, 20 * index, 20), gates);
        Value y = c.Graph.Plus(c.Graph.Times(c.Tanh(Gate(3)), Gate(0)), c.Graph.Times(Gate(2), Gate(1)));
        Checked(c, y, out RoutineProgram program);
        RowStep pass = Assert.Single(Passes(program));
        Assert.Equal(2, program.RowPrograms[pass.Program].Operands.Count);
        Assert.Equal(2, pass.Operands.Count);
    }

    [Fact]
    public void Examples_walk_a_row_of_large_weights_one_after_the_other()
    {
        CaseBuilder c = new();
        Value y = c.Both(new Multiply(), c.W(4, 1000), Normalised(c, c.X(4, 1000), 1));
        string text = Checked(c, y);
        int rows = text.IndexOf("for (int row0", StringComparison.Ordinal);
        int examples = text.IndexOf("for (int example", StringComparison.Ordinal);
        Assert.InRange(rows, 0, examples);
    }

    /// <summary>A value less its mean over axes, divided by its deviation.</summary>
    private static Value Normalised(CaseBuilder c, Value x, params int[] axes)
    {
        Shape shape = c.Graph[x].Shape;
        int[] kept = [.. shape.Sizes.Select((size, axis) => axes.Contains(axis) ? 1 : size)];
        int count = axes.Aggregate(1, (product, axis) => product * shape[axis]);
        Value centred = c.Both(new Subtract(), x, c.Reshape(c.Graph.Scale(c.Sum(x, axes), 1.0 / count), kept));
        Value variance = c.Reshape(c.Graph.Scale(c.Sum(c.Graph.Times(centred, centred), axes), 1.0 / count), kept);
        return c.Both(new Divide(), centred, c.Add(new Sqrt(), c.Graph.Plus(variance, c.Graph.Like(0.01, variance))));
    }

    private static string Checked(CaseBuilder c, Value y) => Checked(c, y, out _);

    /// <summary>The emitted text of a prediction, whose values and gradients were found right.</summary>
    private static string Checked(CaseBuilder c, Value y, out RoutineProgram program)
    {
        GraphCheck.Check(c.Training(y), 1, 19);
        TestModel predicting = c.Predicting(y);
        GraphCheck.Check(predicting, 1, 19);
        program = GraphCheck.Case.Of(predicting).Program;
        return CompiledGraph.Text(predicting.Graph, predicting.Parameters, single: true);
    }

    private static RowStep[] Passes(RoutineProgram program) => [.. program.Phases[1].Steps.OfType<RowStep>()];

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
