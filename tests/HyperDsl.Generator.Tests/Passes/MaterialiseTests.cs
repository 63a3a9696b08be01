using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class MaterialiseTests
{
    [Fact]
    public void Masks_are_stored_before_they_are_viewed_and_reshapes_get_contiguous_copies()
    {
        Graph graph = PrintedGraph.Read(
            """
            %0 = keepMask() keep=0.5 site=0 : [2, 3] each example
            %1 = transpose(%0) order=[1, 0] : [3, 2] each example
            %2 = input() index=0 : [3, 2] each example
            %3 = multiply(%1, %2) : [3, 2] each example
            %4 = transpose(%3) order=[1, 0] : [2, 3] each example
            %5 = reshape(%4) : [6] each example
            prediction y = %5
            """);
        PrintedGraph.AssertPrints(
            """
            %0 = keepMask() keep=0.5 site=0 : [2, 3] each example
            %1 = copy(%0) : [2, 3] each example
            %2 = transpose(%1) order=[1, 0] : [3, 2] each example
            %3 = input() index=0 : [3, 2] each example
            %4 = multiply(%2, %3) : [3, 2] each example
            %5 = transpose(%4) order=[1, 0] : [2, 3] each example
            %6 = copy(%5) : [2, 3] each example
            %7 = reshape(%6) : [6] each example
            prediction y = %7
            """,
            Materialise.Run(graph, CancellationToken.None));
    }
}
