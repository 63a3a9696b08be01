using System.Globalization;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text;
using HyperDsl.Generator.Ops;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>The spellings of elementwise operations, compiled and run: they compute what the operation folds constants to.</summary>
public sealed class SpelledCodeTests
{
    /// <summary>Largest error that <c>VectorMath</c> states, in units in the last place, twice: ours and the reference's.</summary>
    private const double UnitsInTheLastPlace = 6;

    private static readonly double[] Points =
        [-3.75, -1, -0.25, 0, 0.25, 1, 2.5, 17, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly Elementwise[] Operations = OperationCases.All.Select(item => item.Operation).OfType<Elementwise>()
        .Distinct().Where(operation => operation is not Power power || power.Exponent != Math.Floor(power.Exponent)).ToArray();

    [Fact]
    public void Spelled_code_computes_what_the_operation_evaluates()
    {
        Type compiled = Compile();
        foreach ((Elementwise operation, int index) in Operations.Select((operation, index) => (operation, index)))
        {
            foreach (double[] operands in Operands(operation))
            {
                double expected = operation.Evaluate(operands);
                object[] single = operands.Select(x => (object)(float)x).ToArray();
                object[] singles = operands.Select(x => (object)Vector512.Create((float)x)).ToArray();
                object[] wide = operands.Select(x => (object)x).ToArray();
                object[] wides = operands.Select(x => (object)Vector512.Create(x)).ToArray();
                Same(operation, operands, expected, (float)Call(compiled, "S", index, single), 24);
                Same(operation, operands, expected, ((Vector512<float>)Call(compiled, "VS", index, singles))[3], 24);
                Same(operation, operands, expected, (double)Call(compiled, "D", index, wide), 53);
                Same(operation, operands, expected, ((Vector512<double>)Call(compiled, "VD", index, wides))[3], 53);
            }
        }
    }

    /// <summary>All combinations of points; powers are not asked for what <c>pow</c> alone knows of -∞.</summary>
    private static IEnumerable<double[]> Operands(Elementwise operation) =>
        from a in Points
        where operation is not Power || !double.IsNegativeInfinity(a)
        from b in operation.Arity > 1 ? Points : [0]
        from c in operation.Arity > 2 ? Points : [0]
        select new[] { a, b, c }.Take(operation.Arity).ToArray();

    private static object Call(Type compiled, string kind, int index, object[] arguments) =>
        compiled.GetMethod(kind + index.ToString(CultureInfo.InvariantCulture))!.Invoke(null, arguments)!;

    private static void Same(Elementwise operation, double[] operands, double expected, double actual, int bits)
    {
        // An exponential turns the relative error of its argument into as many times that argument's size.
        double condition = operation is Power power ? 1 + Math.Abs(power.Exponent * Math.Log(Math.Abs(operands[0]))) : 1;
        double tolerance = UnitsInTheLastPlace * condition * Math.Pow(2, -bits) * 2 * Math.Abs(expected);
        bool near = double.IsFinite(tolerance) && Math.Abs(expected - actual) <= tolerance;
        bool same = near || expected == actual || (double.IsNaN(expected) && double.IsNaN(actual));
        Assert.True(
            same,
            $"{operation.Name} {operation.Attributes} of {string.Join(", ", operands)} with {bits} bits is {actual:R} instead of "
            + $"{expected:R}.");
    }

    private static Type Compile()
    {
        StringBuilder source = new("using System.Runtime.Intrinsics;\nusing HyperDsl.Cpu;\npublic static class Spelled\n{\n");
        for (int index = 0; index < Operations.Length; index++)
        {
            Elementwise operation = Operations[index];
            string[] names = ["a", "b", "c"];
            names = names.Take(operation.Arity).ToArray();
            void Method(string kind, string type, string body) => source.Append(CultureInfo.InvariantCulture,
                $"    public static {type} {kind}{index}({string.Join(", ", names.Select(n => type + " " + n))}) => {body};\n");
            Method("S", "float", operation.Scalar(names, true));
            Method("D", "double", operation.Scalar(names, false));
            Method("VS", "Vector512<float>", operation.Vector(names, true));
            Method("VD", "Vector512<double>", operation.Vector(names, false));
        }
        source.Append("}\n");
        IEnumerable<string> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Append(typeof(HyperDsl.Cpu.VectorMath).Assembly.Location).Distinct();
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Spelled",
            [CSharpSyntaxTree.ParseText(source.ToString())],
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        using MemoryStream image = new();
        Assert.Empty(compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        return Assembly.Load(image.ToArray()).GetType("Spelled")!;
    }
}
