using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class ReassociateTests
{
    [Fact]
    public void A_scaled_weight_becomes_a_scaled_result()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = input() index=0 : [4] each example
            %1 = input() index=1 : [5] each example
            %2 = parameter() index=0 : [4, 5]
            %3 = reshape(%0) : [4, 1] each example
            %4 = broadcast(%3) : [4, 5] each example
            %5 = multiply(%4, %2) : [4, 5] each example
            %6 = contract(%5, %1) left=[0, 1] right=[1] result=[0] : [4] each example
            prediction y = %6
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = input() index=0 : [4] each example
            %1 = input() index=1 : [5] each example
            %2 = parameter() index=0 : [4, 5]
            %3 = contract(%2, %1) left=[0, 1] right=[1] result=[0] : [4] each example
            %4 = multiply(%3, %0) : [4] each example
            prediction y = %4
            """,
            Reassociate.Run(graph, CancellationToken.None));
    }

    [Fact]
    public void A_mixture_that_differs_from_example_to_example_is_not_built()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = input() index=0 : [2] each example
            %1 = input() index=1 : [20] each example
            %2 = parameter() index=0 : [24, 20, 2]
            %3 = contract(%2, %0) left=[0, 1, 2] right=[2] result=[0, 1] : [24, 20] each example
            %4 = contract(%3, %1) left=[0, 1] right=[1] result=[0] : [24] each example
            prediction y = %4
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = input() index=0 : [2] each example
            %1 = input() index=1 : [20] each example
            %2 = parameter() index=0 : [24, 20, 2]
            %3 = contract(%0, %1) left=[0] right=[1] result=[0, 1] : [2, 20] each example
            %4 = contract(%3, %2) left=[0, 1] right=[2, 1, 0] result=[2] : [24] each example
            prediction y = %4
            """,
            Reassociate.Run(graph, CancellationToken.None));
    }

    [Fact]
    public void A_weight_that_is_the_same_for_all_examples_is_generated_once()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = parameter() index=0 : [2]
            %1 = input() index=0 : [20] each example
            %2 = parameter() index=1 : [24, 20, 2]
            %3 = contract(%2, %0) left=[0, 1, 2] right=[2] result=[0, 1] : [24, 20]
            %4 = contract(%3, %1) left=[0, 1] right=[1] result=[0] : [24] each example
            prediction y = %4
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = parameter() index=0 : [2]
            %1 = input() index=0 : [20] each example
            %2 = parameter() index=1 : [24, 20, 2]
            %3 = contract(%2, %0) left=[0, 1, 2] right=[2] result=[0, 1] : [24, 20]
            %4 = contract(%3, %1) left=[0, 1] right=[1] result=[0] : [24] each example
            prediction y = %4
            """,
            Reassociate.Run(graph, CancellationToken.None));
    }
}
