using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class SimplifyTests
{
    [Fact]
    public void Sums_over_examples_move_through_views_and_factors_and_equal_values_are_one()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = input() index=0 : [3, 2] each example
            %1 = parameter() index=0 : [3, 2]
            %2 = multiply(%0, %1) : [3, 2] each example
            %3 = transpose(%2) order=[1, 0] : [2, 3] each example
            %4 = sumOverExamples(%3) : [2, 3]
            %5 = sum(%4) axes=[1] : [2]
            %6 = multiply(%0, %1) : [3, 2] each example
            %7 = sumOverExamples(%6) : [3, 2]
            prediction a = %5
            prediction b = %7
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = input() index=0 : [3, 2] each example
            %1 = parameter() index=0 : [3, 2]
            %2 = sumOverExamples(%0) : [3, 2]
            %3 = multiply(%2, %1) : [3, 2]
            %4 = transpose(%3) order=[1, 0] : [2, 3]
            %5 = sum(%4) axes=[1] : [2]
            prediction a = %5
            prediction b = %3
            """,
            Simplify.Run(graph, CancellationToken.None));
    }
}
