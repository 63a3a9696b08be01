using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;
using HyperDsl.Generator.Passes;

namespace HyperDsl.Generator.Tests.Passes;

public sealed class LinearLossTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weight_that_enters_the_loss_linearly_has_gradient_one(bool withInput)
    {
        GraphBuilder graph = new();
        Value w = graph.Add(new ParameterLeaf(0, Shape.Scalar, true));
        Value loss = withInput ? graph.Plus(graph.Add(new InputLeaf(0, Shape.Scalar, 0)), w) : w;
        Graph built = graph.Build([new Result(ResultKind.Loss, "loss", 0, loss.Id)]);
        Graph gradient = Differentiate.Run(built, new(new Parameter("w", Shape.Scalar, 0, true)), default);
        Assert.Equal([1.0], new GraphInterpreter(4, (_, _) => [2]).Evaluate(gradient, "w")[0]);
    }
}
