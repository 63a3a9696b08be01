using System.Globalization;

namespace HyperDsl.Compiled.Tests;

/// <summary>
/// The source of a random recurrent cell and of a model around it: vectors of a few elements that are combined by smooth operations, states that
/// are read and assigned anywhere, weight matrices that are made at every step in all ways there are, masks, and cells inside the cell.
/// </summary>
internal sealed class RandomCell
{
    public const int Inputs = 3;

    private readonly Random random;
    private readonly List<string> fields = [];
    private readonly List<string> statements = [];
    private readonly List<(string Name, int Width)> vectors = [];
    private readonly List<(string Name, int Width)> states = [];
    private int names;

    private RandomCell(int seed)
    {
        random = new Random(seed);
        Name = "Random" + seed.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The model's class.</summary>
    public string Name { get; }

    /// <summary>Both classes.</summary>
    public string Source { get; private set; } = "";

    /// <summary>Operations of a step, for tolerances.</summary>
    public int Operations { get; private set; }

    public static RandomCell Make(int seed)
    {
        RandomCell cell = new(seed);
        cell.Write();
        return cell;
    }

    private void Write()
    {
        vectors.Add(("x", Inputs));
        int count = 1 + random.Next(3);
        for (int i = 0; i < count; i++)
        {
            int width = Width();
            string initial = random.Next(3) == 0
                ? $"new Weight({width}) {{ Init = Initialiser.Uniform(-1, 1) }}"
                : $"Zeros({width})";
            states.Add(("s" + i, width));
            fields.Add($"[State] Tensor s{i} = {initial};");
        }
        vectors.AddRange(states);
        int size = 4 + random.Next(8);
        for (int i = 0; i < size; i++)
        {
            Add(Expression(random.Next(10)));
            if (random.Next(4) == 0)
            {
                (string state, int width) = states[random.Next(states.Count)];
                statements.Add($"{state} = {Fitted(Any(), width)};");
            }
        }
        foreach ((string state, int width) in states)
        {
            statements.Add($"{state} = 0.5 * {state} + {Fitted(vectors[^1], width)};");
        }
        // States may forget the input; what the cell gives does not.
        string result = $"{vectors[^1].Name} + {Fitted(vectors[0], vectors[^1].Width)}";
        Operations = statements.Count * 16;
        Source = $$"""
            [Network] public sealed partial class {{Name}}Cell : Cell
            {
                {{string.Join("\n    ", fields)}}
                public override Tensor Step(Tensor x)
                {
                    {{string.Join("\n        ", statements)}}
                    return {{result}};
                }
            }
            [HyperModel(Float64 = true)] public sealed partial class {{Name}} : Model
            {
                readonly {{Name}}Cell cell = new();
                [Predict] public Tensor Hidden([Steps, Shape({{Inputs}})] Tensor x) => cell.Scan(x);
                [Loss] public Tensor Loss([Steps, Shape({{Inputs}})] Tensor x) => SumOverSteps(Sum(Sin(3 * Hidden(x))));
            }

            """;
    }

    private (string Text, int Width) Expression(int kind)
    {
        (string a, int width) = Any();
        int wide = Width();
        switch (kind)
        {
            case 0:
                return ($"Tanh(Dot({Matrix(wide, width)}, {a}) + {Matrix(wide)})", wide);
            case 1:
                return ($"Sigmoid({Fitted(Any(), width)}) * {a}", width);
            case 2:
                return ($"Concat(0, {a}, {Any().Name})[..{width}]", width);
            case 3:
                // Rows of a matrix, scaled.
                return ($"Dot(Dot(Diag({Fitted(Any(), wide)}), {Matrix(wide, width)}), {a})", wide);
            case 4:
                // Columns of a matrix, scaled.
                return ($"Dot(Dot({Matrix(wide, width)}, Diag({Fitted(Any(), width)})), {a})", wide);
            case 5:
                return ($"Dot(Einsum(\"ijk,k->ij\", {Matrix(wide, width, 2)}, {Fitted(Any(), 2)}), {a})", wide);
            case 6:
                return ($"Dot(Reshape({Fitted(Any(), wide * width)}, {wide}, {width}), {a})", wide);
            case 7:
                return ($"LayerNorm({a}, {Matrix(width)}, {Matrix(width)}, 0.1)", width);
            case 8:
                return ($"Dropout({a}, 0.7, MaskScope.{(random.Next(2) == 0 ? "Step" : "Sequence")})", width);
            default:
                string cell = "c" + names++;
                string made = random.Next(4) switch
                {
                    0 => $"new Rnn({width}, {wide})",
                    1 => $"new Lstm({width}, {wide}, layerNorm: true, epsilon: 0.1)",
                    2 => $"new Gru({width}, {wide}, keep: 0.8, mask: MaskScope.Sequence)",
                    _ => $"new HyperRnn({width}, {wide}, 3, 2, fullRank: {(random.Next(2) == 0 ? "true" : "false")})",
                };
                fields.Add($"readonly Cell {cell} = {made};");
                return ($"{cell}.Step({a})", wide);
        }
    }

    /// <summary>A vector of a width, made of another by a matrix and tanh.</summary>
    private string Fitted((string Name, int Width) vector, int width) => $"Tanh(Dot({Matrix(width, vector.Width)}, {vector.Name}))";

    private string Matrix(params int[] sizes)
    {
        string name = "w" + names++;
        fields.Add($"readonly Weight {name} = new({string.Join(", ", sizes)}) {{ Init = Initialiser.Uniform(-0.8, 0.8) }};");
        return name;
    }

    private void Add((string Text, int Width) expression)
    {
        string name = "v" + names++;
        statements.Add($"Tensor {name} = {expression.Text};");
        vectors.Add((name, expression.Width));
    }

    private int Width() => 1 + random.Next(5);

    private (string Name, int Width) Any() => vectors[random.Next(3) == 0 ? vectors.Count - 1 : random.Next(vectors.Count)];
}
