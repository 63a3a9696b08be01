using System.Runtime.Loader;
using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Tests.Trace;
using Microsoft.CodeAnalysis;

namespace HyperDsl.Generator.Tests.Steps;

/// <summary>The tracer numbers weights while compiling, generated visitors name them at run time: both must agree.</summary>
public class RunTimeNamesTests
{
    private const string Nested = """
        [Network] public partial class Gain(int n) { readonly Weight w = new(n); public virtual Tensor Call(Tensor x) => w * x; }
        [Network] public sealed partial class Shifted(int n) : Gain(n)
        {
            readonly Weight shift = new(n);
            public override Tensor Call(Tensor x) => base.Call(x) + shift;
        }
        [Network] public sealed partial class Captured(Gain inner, Weight? none, params Weight[] all)
        {
            public Tensor Call(Tensor x) => none is null ? inner.Call(x) + all[0] * all[1] : x;
        }
        [HyperModel] public sealed partial class M : Model
        {
            public Shifted First { get; } = new(4);
            readonly List<Gain?> list = [new Gain(4), null, new Shifted(4)];
            readonly Weight[][] grid = [[new Weight(4)], [new Weight(4), new Weight(1)]];
            readonly Pair<Gain> pair = new(new Gain(4), new Shifted(4));
            readonly Captured captured = new(new Gain(4), null, new Weight(4), new Weight(4));
            readonly Gain shared;
            readonly Weight @class = new(4);
            public M() { shared = First; }
            [Predict] public Tensor Predict([Shape(4)] Tensor x)
            {
                Tensor y = First.Call(x) + shared.Call(x) + captured.Call(x) * @class + pair.Call(x);
                foreach (Gain? gain in list) y = gain?.Call(y) ?? y;
                foreach (Weight[] row in grid) foreach (Weight w in row) y *= w;
                return y;
            }
            [Network] private sealed partial class Pair<T>(T a, T b) where T : Gain
            {
                readonly T[] both = [a, b];
                public Tensor Call(Tensor x) => both[0].Call(x) - both[1].Call(x);
            }
        }
        """;

    [Theory]
    [InlineData("M", Nested)]
    [InlineData("HyperNet", DigitModels.Networks + DigitModels.Models)]
    [InlineData("PlainNet", DigitModels.Networks + DigitModels.Models)]
    public void Names_of_the_tracer_are_those_of_the_visitor(string name, string text)
    {
        Compilation generated = GeneratorDriving.Run(Tracing.Compile(text), out _);
        TracedModel traced = Tracing.TraceModel(generated, name);
        using MemoryStream image = new();
        Microsoft.CodeAnalysis.Emit.EmitResult emitted = generated.Emit(image);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        image.Position = 0;
        AssemblyLoadContext context = new("models", isCollectible: true);
        try
        {
            Model model = (Model)Activator.CreateInstance(context.LoadFromStream(image).GetType(name, throwOnError: true)!)!;
            Assert.Equal(
                traced.Parameters.Select(parameter => $"{parameter.Name} {parameter.Shape}"),
                model.Weights.Select(pair => $"{pair.Key} [{string.Join(", ", pair.Value.Shape)}]"));
        }
        finally
        {
            context.Unload();
        }
    }
}
