using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class LowerTests
{
    [Fact]
    public void A_convolution_pads_packs_and_correlates()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = input() index=0 : [4, 4, 1] each example
            %1 = parameter() index=0 : [3, 3, 1, 2]
            %2 = convolve(%0, %1) strideY=1 strideX=1 top=1 bottom=1 left=1 right=1 groups=1 : [4, 4, 2] each example
            prediction y = %2
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = input() index=0 : [4, 4, 1] each example
            %1 = parameter() index=0 : [3, 3, 1, 2]
            %2 = assemble(%0) part0=[1, 1, 0]/[1, 1, 1] fill=0 : [6, 6, 1] each example
            %3 = packKernel(%1) input=[6, 6, 1] outputs=2 kernel=[3, 3] stride=[1, 1] groups=1 : [144]
            %4 = correlate(%2, %3) input=[6, 6, 1] outputs=2 kernel=[3, 3] stride=[1, 1] groups=1 : [4, 4, 2] each example
            prediction y = %4
            """,
            Lower.Run(graph, CancellationToken.None));
    }

    [Fact]
    public void Gradients_of_products_add_up_examples_in_one_kernel()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = input() index=0 : [3] each example
            %1 = parameter() index=0 : [2, 3]
            %2 = contract(%1, %0) left=[0, 1] right=[1] result=[0] : [2] each example
            %3 = sum(%2) axes=[0] : [] each example
            loss loss = %3
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = input() index=0 : [3] each example
            %1 = parameter() index=0 : [2, 3]
            %2 = transpose(%1) order=[1, 0] : [3, 2]
            %3 = packMatrix(%2) batch=0 inner=1 : [48]
            %4 = gemm(%0, %3) batch=0 rows=0 inner=1 columns=[2] packed : [2] each example
            %5 = constant() 1 : []
            %6 = exampleCount() : []
            %7 = divide(%5, %6) : []
            %8 = reshape(%7) : [1]
            %9 = broadcast(%8) : [2]
            %10 = gemm(%9, %0) batch=0 rows=1 inner=0 columns=[3] overExamples : [2, 3]  // gradient of w0
            %11 = reduce(%4) axes=[0] overExamples : []
            %12 = divide(%11, %6) : []  // loss
            loss loss = %12
            gradient w0 = %10
            """,
            Lower.Run(Differentiate.Run(graph, Parameters([2, 3]), CancellationToken.None), CancellationToken.None));
    }

    [Fact]
    public void A_maximum_runs_along_the_last_axis_and_parts_share_a_buffer()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = input() index=0 : [4, 5] each example
            %1 = max(%0) axes=[0] : [5] each example
            %2 = concat(%1, %1) axis=0 : [10] each example
            prediction y = %2
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = input() index=0 : [4, 5] each example
            %1 = transpose(%0) order=[1, 0] : [5, 4] each example
            %2 = max(%1) axes=[1] : [5] each example
            %3 = assemble(%2, %2) part0=[0]/[1] part1=[5]/[1] fill=0 : [10] each example
            prediction y = %3
            """,
            Lower.Run(graph, CancellationToken.None));
    }

    private static EquatableArray<Parameter> Parameters(params int[][] shapes) => shapes
        .Select((sizes, index) => new Parameter("w" + index, Shape.Of(sizes), index * 64, true)).ToEquatable();
}
