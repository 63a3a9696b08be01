using System.Globalization;
using System.Text;
using TorchSharp;

namespace HyperDsl.Oracle.RandomPrograms;

/// <summary>A random model: source text, and its meaning in libtorch for one example after the other.</summary>
/// <param name="Name">The class's name.</param>
/// <param name="Inputs">Real inputs.</param>
/// <param name="Weights">Weights.</param>
/// <param name="Statements">Statements in order.</param>
/// <param name="Result">The value whose mean square is the loss.</param>
public sealed record RandomProgram(
    string Name,
    IReadOnlyList<ProgramValue> Inputs,
    IReadOnlyList<ProgramValue> Weights,
    IReadOnlyList<ProgramValue> Statements,
    ProgramValue Result)
{
    /// <summary>The number of classes of each program's label.</summary>
    public const int Classes = 4;

    /// <summary>Roundings on the way to the loss and back, for tolerances.</summary>
    public int Roundings => 2 * (Result.Count + Statements.Sum(statement => statement.Length + 2));

    /// <summary>A program of about so many statements.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="size">Templates that are applied.</param>
    public static RandomProgram Make(int seed, int size)
    {
        var builder = new ProgramBuilder(seed);
        builder.Input(builder.Between(1, 5));
        builder.Input(builder.Between(1, 4), builder.Between(1, 5));
        builder.Input(builder.Between(4, 6), builder.Between(4, 6), builder.Between(1, 4));
        for (int i = 0; i < size; i++)
        {
            builder.Choose(ProgramTemplates.All)(builder);
        }

        return new RandomProgram($"Random{seed}", builder.Inputs, builder.Weights, builder.Statements, builder.Statements[^1])
            .WithoutUnused();
    }

    /// <summary>The program that ends with an earlier statement, without what that does not need.</summary>
    /// <param name="statement">Index of the statement.</param>
    public RandomProgram EndingWith(int statement) => (this with { Result = Statements[statement] }).WithoutUnused();

    /// <summary>The source of the model's class.</summary>
    public string Source()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"[HyperModel(Float64 = true)]\npublic sealed partial class {Name} : Model\n{{\n");
        foreach (ProgramValue weight in Weights)
        {
            text.Append(CultureInfo.InvariantCulture, $"    readonly Weight {weight.Name} = new({Sizes(weight)}) {{ Init = Initialiser.Uniform(-1, 1) }};\n");
        }

        string parameters = string.Join(", ", Inputs.Select(input => $"[Shape({Sizes(input)})] Tensor {input.Name}"));
        text.Append(CultureInfo.InvariantCulture, $"    public Weight[] OwnWeights => [{string.Join(", ", Weights.Select(weight => weight.Name))}];\n");
        text.Append(CultureInfo.InvariantCulture, $"    [Loss] public Tensor Loss({parameters}, [Classes({Classes})] Label label)\n    {{\n");
        foreach (ProgramValue statement in Statements)
        {
            text.Append(CultureInfo.InvariantCulture, $"        Tensor {statement.Name} = {statement.Code}; // [{Sizes(statement)}]\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"        return Mean(Square({Result.Name}));\n    }}\n}}\n");
        return text.ToString();
    }

    /// <summary>The loss of one example in libtorch.</summary>
    /// <param name="inputs">Values of the inputs.</param>
    /// <param name="weights">Values of the weights.</param>
    /// <param name="label">The example's class.</param>
    public torch.Tensor Loss(torch.Tensor[] inputs, torch.Tensor[] weights, int label)
    {
        var known = new Dictionary<ProgramValue, torch.Tensor>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < inputs.Length; i++)
        {
            known.Add(Inputs[i], inputs[i]);
        }

        for (int i = 0; i < weights.Length; i++)
        {
            known.Add(Weights[i], weights[i]);
        }

        foreach (ProgramValue statement in Statements)
        {
            torch.Tensor value = statement.Theirs!([.. statement.Operands.Select(operand => known[operand])], label);
            Assert.Equal(statement.Shape.Select(size => (long)size), value.shape);
            known.Add(statement, value);
        }

        return known[Result].square().mean();
    }

    private RandomProgram WithoutUnused()
    {
        var needed = new HashSet<ProgramValue>(ReferenceEqualityComparer.Instance);
        Visit(Result);
        return this with
        {
            Weights = [.. Weights.Where(needed.Contains)],
            Statements = [.. Statements.Where(needed.Contains)],
        };

        void Visit(ProgramValue value)
        {
            if (needed.Add(value))
            {
                Array.ForEach(value.Operands, Visit);
            }
        }
    }

    private static string Sizes(ProgramValue value) => string.Join(", ", value.Shape);
}
