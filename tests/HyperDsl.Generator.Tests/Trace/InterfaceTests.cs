using HyperDsl.Generator.Tests.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace HyperDsl.Generator.Tests.Trace;

/// <summary>Classes that become networks only by what the generator adds, used where a network is asked for.</summary>
public class InterfaceTests
{
    [Theory]
    [InlineData("readonly List<INetwork> layers = [new Mine(4)];")]
    [InlineData("readonly INetwork[] layers = { new Mine(4) };")]
    [InlineData("readonly INetwork layer = new Mine(4);")]
    public void A_network_of_the_project_counts_as_one_before_its_part_is_written(string field)
    {
        CSharpCompilation compilation = Tracing.Compile(
            "[Network] public sealed partial class Mine(int units) { readonly Weight w = new(units); public Tensor Call(Tensor x) => w * x; }\n"
            + Tracing.Model(field + " Tensor Run(Tensor x) => x;"));
        GeneratorDriving.Run(compilation, out GeneratorDriverRunResult result);
        Assert.Contains(result.GeneratedTrees, tree => Path.GetFileName(tree.FilePath) is ['M', '.', ..] and not "M.Weights.g.cs");
    }
}
