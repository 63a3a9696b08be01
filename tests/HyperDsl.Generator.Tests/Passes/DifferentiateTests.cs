using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class DifferentiateTests
{
    [Fact]
    public void Gradient_of_a_weight_is_summed_over_examples_where_it_arises_and_an_unused_weight_has_none()
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
            %2 = contract(%1, %0) left=[0, 1] right=[1] result=[0] : [2] each example
            %3 = sum(%2) axes=[0] : [] each example
            %4 = constant() 1 : []
            %5 = exampleCount() : []
            %6 = divide(%4, %5) : []
            %7 = reshape(%6) : [1]
            %8 = broadcast(%7) : [2]
            %9 = contract(%8, %0) left=[0] right=[1] result=[0, 1] : [2, 3] each example
            %10 = sumOverExamples(%9) : [2, 3]  // gradient of w0
            %11 = sumOverExamples(%3) : []
            %12 = divide(%11, %5) : []  // loss
            %13 = constant() 0 : []
            %14 = broadcast(%13) : [4]  // gradient of w1
            loss loss = %12
            gradient w0 = %10
            gradient w1 #1 = %14
            """,
            Differentiate.Run(graph, Parameters([2, 3], [4]), CancellationToken.None));
    }

    [Fact]
    public void Nothing_passes_a_detached_value_and_a_loss_of_parameters_is_its_own_mean()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = parameter() index=0 : []
            %1 = tanh(%0) : []
            %2 = detach(%1) : []
            %3 = multiply(%1, %2) : []
            loss loss = %3
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = parameter() index=0 : []
            %1 = tanh(%0) : []
            %2 = detach(%1) : []
            %3 = multiply(%1, %2) : []
            %4 = constant() 1 : []
            %5 = multiply(%1, %1) : []
            %6 = subtract(%4, %5) : []
            %7 = multiply(%2, %6) : []  // gradient of w0
            %8 = exampleCount() : []
            %9 = multiply(%3, %8) : []
            %10 = divide(%9, %8) : []  // loss
            loss loss = %10
            gradient w0 = %7
            """,
            Differentiate.Run(graph, Parameters([[]]), CancellationToken.None));
    }

    private static EquatableArray<Parameter> Parameters(params int[][] shapes) => shapes
        .Select((sizes, index) => new Parameter("w" + index, Shape.Of(sizes), index * 64, true)).ToEquatable();
}
