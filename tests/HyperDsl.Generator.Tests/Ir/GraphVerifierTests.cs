using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ir;

public sealed class GraphVerifierTests
{
    private static readonly Graph Valid = GraphParser.Parse(
        """
        %0 = parameter() index=0 : [3]
        %1 = input() index=0 : [3] each example
        %2 = multiply(%0, %1) : [3] each example
        %3 = sum(%2) axes=[0] : [] each example
        loss loss = %3
        """);

    [Fact]
    public void Valid_graph_has_no_problems() => Assert.Empty(GraphVerifier.Verify(Valid));

    [Fact]
    public void Wrong_order_is_found() => Finds(
        Change(2, node => node with { Inputs = new EquatableArray<int>(0, 3) }),
        "%2 = multiply reads %3, which does not come before it.");

    [Fact]
    public void Wrong_id_is_found() => Finds(
        Change(1, node => node with { Id = 4 }),
        "%1 = input stands at place 1 but has the id 4.");

    [Fact]
    public void Wrong_number_of_inputs_is_found() => Finds(
        Change(2, node => node with { Inputs = new EquatableArray<int>(0) }),
        "%2 = multiply has 1 inputs and needs 2.");

    [Fact]
    public void Wrong_shape_is_found() => Finds(
        Change(3, node => node with { Shape = Shape.Of(1) }),
        "%3 = sum has the shape [1], but its operation gives [].");

    [Fact]
    public void Shapes_that_do_not_fit_are_found() => Finds(
        Change(0, node => node with { Shape = Shape.Of(2), Operation = new ParameterLeaf(0, Shape.Of(2), true) }),
        "%2 = multiply has inputs that do not fit: 'multiply' takes operands of one shape, but got [2] and [3].");

    [Fact]
    public void Wrong_kind_is_found() => Finds(
        Change(0, node => node with { Kind = ElementKind.Index }),
        "%0 = parameter has elements of kind Index, but its operation gives Real.");

    [Fact]
    public void Wrong_varies_is_found() => Finds(
        Change(2, node => node with { Varies = Varies.Nothing }),
        "%2 = multiply varies with Nothing, but by its operation with Example.");

    [Theory]
    [InlineData(ResultKind.Loss, "other", 0, 9, "The loss 'other' is %9, which does not exist.")]
    [InlineData(ResultKind.Loss, "loss", 0, 3, "The loss 'loss' is there twice.")]
    [InlineData(ResultKind.Loss, "other", 0, 2, "The loss 'other' has the shape [3]; a loss is a scalar.")]
    [InlineData(ResultKind.Baked, "baked", -1, 0, "The baked 'baked' has the index -1; it must be at least 0.")]
    [InlineData(ResultKind.Gradient, "w", 0, 3, "The gradient 'w' has the shape [], but its parameter [3].")]
    [InlineData(ResultKind.Update, "w", 0, 2, "The update 'w' varies with Example; there must be one for the whole batch.")]
    internal void Wrong_result_is_found(ResultKind kind, string name, int index, int node, string problem) => Finds(
        Valid with { Results = Valid.Results.Append(new Result(kind, name, index, node)).ToEquatable() }, problem);

    private static Graph Change(int id, Func<Node, Node> change) => Valid with
    {
        Nodes = Valid.Nodes.Select(node => node.Id == id ? change(node) : node).ToEquatable(),
    };

    private static void Finds(Graph graph, string problem) => Assert.Contains(problem, GraphVerifier.Verify(graph));
}
