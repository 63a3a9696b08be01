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

    /// <summary>Parameters keep their names; a generated value of the same name gives way.</summary>
    [Fact]
    public void Names_of_generated_values_are_not_those_of_stored_parameters()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = parameter() index=0 : [2]
            %1 = tanh(%0) : [2]  // w1
            %2 = parameter() index=1 : [2]
            %3 = input() index=0 : [2] each example
            %4 = multiply(%1, %3) : [2] each example
            %5 = add(%4, %2) : [2] each example
            prediction y = %5
            """);
        Assert.Equal(["w1_2", "w1"], Bake.Run(graph, Parameters([2], [2]))!.Parameters.Select(parameter => parameter.Name));
    }

    /// <summary>The numbers of steps and of examples, and sums over examples, are the same for all examples but not for all batches.</summary>
    [Fact]
    public void What_depends_on_the_batch_is_not_stored()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = parameter() index=0 : []
            %1 = tanh(%0) : []  // made
            %2 = stepCount() : []
            %3 = divide(%1, %2) : []
            %4 = exampleCount() : []
            %5 = divide(%3, %4) : []
            %6 = input() index=0 : [] each example
            %7 = sumOverExamples(%6) : []
            %8 = multiply(%5, %7) : []
            %9 = subtract(%6, %8) : [] each example
            prediction y = %9
            """);
        BakedGraphs baked = Bake.Run(graph, Parameters([[]]))!;
        PrintedGraph.AssertPrints(
            """
            %0 = parameter() index=0 : []
            %1 = tanh(%0) : []  // made
            baked made = %1
            """,
            baked.Generate);
        Assert.Equal([new Parameter("made", Shape.Scalar, 0, false)], baked.Parameters);
        Assert.Contains(baked.Predict.Nodes, node => node.Operation.Name == "stepCount");
        Assert.Contains(baked.Predict.Nodes, node => node.Operation.Name == "sumOverExamples");
    }

    [Fact]
    public void Values_that_a_scan_makes_of_parameters_alone_are_not_stored() => Assert.Null(Bake.Run(
        PrintedGraph.Read(
            """
            %0 = parameter() index=0 : [2]
            %1 = scan(%0) states=1 sequences=0 : [] each time
                %0 = blockArgument() index=0 : [2]
                %1 = tanh(%0) : [2]
                step h = %1
            %2 = scanResult(%1) index=0 : [2]
            %3 = input() index=0 : [2] each example
            %4 = add(%2, %3) : [2] each example
            prediction y = %4
            """),
        Parameters([2])));

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
