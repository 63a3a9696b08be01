using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class BakeTests
{
    [Fact]
    public void Generated_kernels_are_stored_and_predictions_read_them()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = parameter() index=0 : [4, 3]  // generator
            %1 = parameter() index=1 : [3]  // z
            %2 = contract(%0, %1) left=[0, 1] right=[1] result=[0] : [4]  // kernel
            %3 = reshape(%2) : [2, 2]
            %4 = input() index=0 : [2] each example
            %5 = contract(%3, %4) left=[0, 1] right=[1] result=[0] : [2] each example
            %6 = parameter() index=2 : [2]  // bias
            %7 = add(%5, %6) : [2] each example
            prediction y = %7
            """);
        BakedGraphs baked = Bake.Run(graph, Parameters([4, 3], [3], [2]))!;
        PrintedGraph.AssertPrints(
            """
            %0 = parameter() index=0 : [4, 3]  // generator
            %1 = parameter() index=1 : [3]  // z
            %2 = contract(%0, %1) left=[0, 1] right=[1] result=[0] : [4]  // kernel
            %3 = parameter() index=2 : [2]  // bias
            baked kernel = %2
            baked w2 #16 = %3
            """,
            baked.Generate);
        PrintedGraph.AssertPrints(
            """
            %0 = parameter() index=0 untrained : [4]  // kernel
            %1 = reshape(%0) : [2, 2]
            %2 = input() index=0 : [2] each example
            %3 = contract(%1, %2) left=[0, 1] right=[1] result=[0] : [2] each example
            %4 = parameter() index=1 untrained : [2]  // w2
            %5 = add(%3, %4) : [2] each example
            prediction y = %5
            """,
            baked.Predict);
        Assert.Equal(
            [new Parameter("kernel", Shape.Of(4), 0, false), new Parameter("w2", Shape.Of(2), 16, false)], baked.Parameters);
    }

    [Fact]
    public void Nothing_is_baked_where_nothing_is_generated() => Assert.Null(Bake.Run(
        PrintedGraph.Read(
            """
            %0 = parameter() index=0 : [2]
            %1 = input() index=0 : [2] each example
            %2 = add(%0, %1) : [2] each example
            prediction y = %2
            """),
        Parameters([2])));

    private static EquatableArray<Parameter> Parameters(params int[][] shapes) => shapes
        .Select((sizes, index) => new Parameter("w" + index, Shape.Of(sizes), index * 64, true)).ToEquatable();
}
