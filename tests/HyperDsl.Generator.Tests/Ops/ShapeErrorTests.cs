using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>What is wrong is said in words, with the shapes.</summary>
public sealed class ShapeErrorTests
{
    private static readonly Dictionary<string, (Operation Operation, Shape[] Inputs)> Wrong = new()
    {
        ["'add' takes operands of one shape, but got [2] and [3]."] = (new Add(), [Shape.Of(2), Shape.Of(3)]),
        ["'select' takes operands of one shape, but got [2] and []."] =
            (new Select(), [Shape.Of(2), Shape.Of(2), Shape.Scalar]),
        ["a value of shape [2] cannot be repeated to shape [2, 3]"] = (new Broadcast(Shape.Of(2, 3)), [Shape.Of(2)]),
        ["'reshape' turns [2, 3] (6 elements) into [5] (5 elements)"] = (new Reshape(Shape.Of(5)), [Shape.Of(2, 3)]),
        ["'Transpose' reorders the axes of a value of shape [2, 3] as [0, 0]"] =
            (new Transpose(new EquatableArray<int>(0, 0)), [Shape.Of(2, 3)]),
        ["'Slice' takes 3 elements from 2 of axis 0 of a value of shape [4]"] = (new Slice(0, 2, 3), [Shape.Of(4)]),
        ["'Slice' names axis 1 of a value of shape [4]: axes go from -1 to 0."] = (new Slice(1, 0, 1), [Shape.Of(4)]),
        ["'Slice' names axis 0 of a value of shape []: a scalar has no axes."] = (new Slice(0, 0, 1), [Shape.Scalar]),
        ["'sum' names axis 2 of a value of shape [4, 5]"] = (new Sum(new EquatableArray<int>(2)), [Shape.Of(4, 5)]),
        ["'max' names axis 2 of a value of shape [4, 5]"] = (new Max(new EquatableArray<int>(2)), [Shape.Of(4, 5)]),
        ["'Pad' adds [1] before and [0, 0] after a value of shape [4, 5]"] =
            (new Pad(new EquatableArray<int>(1), new EquatableArray<int>(0, 0), 0), [Shape.Of(4, 5)]),
        ["'Concat' joins [2, 3] and [3, 2] along axis 0: all other axes must have equal sizes."] =
            (new Concat(0), [Shape.Of(2, 3), Shape.Of(3, 2)]),
        ["'Concat' needs at least one part."] = (new Concat(0), []),
        ["'Gather' takes rows of a table, but got a scalar."] = (new Gather(), [Shape.Scalar, Shape.Scalar]),
        ["'Gather' needs a label, but got real numbers of shape [2]."] = (new Gather(), [Shape.Of(3, 2), Shape.Of(2)]),
        ["'ScatterRow' needs a label, but got real numbers of shape []."] =
            (new ScatterRow(3), [Shape.Of(3, 2), Shape.Scalar]),
        ["'OneHot' needs a label, but got real numbers of shape []."] = (new OneHot(3), [Shape.Scalar]),
        ["'Contract' multiplies [2, 3] by [4]: axis 1 of the left operand has 3 elements, axis 0 of the right operand 4"] =
            (Contract([0, 1], [1], [0]), [Shape.Of(2, 3), Shape.Of(4)]),
        ["'Contract' takes a left operand with 2 axes and a right operand with 1, but got [2] and [4]."] =
            (Contract([0, 1], [1], [0]), [Shape.Of(2), Shape.Of(4)]),
        ["'Contract' of [0, 1] and [1] to [1]: each label must stand once"] =
            (Contract([0, 1], [1], [1]), [Shape.Of(2, 3), Shape.Of(3)]),
        ["'Convolve' needs an image of shape [height, width, channels], but got [3, 3]."] =
            (Plain(1), [Shape.Of(3, 3), Shape.Of(2, 2, 1, 1)]),
        ["'Convolve' needs a kernel of shape [height, width, channels / groups, outputs], but got [2, 2, 1]."] =
            (Plain(1), [Shape.Of(3, 3, 1), Shape.Of(2, 2, 1)]),
        ["the image has 4 channels, 4 for each group, but the kernel is for 3; they must be equal."] =
            (Plain(1), [Shape.Of(3, 3, 4), Shape.Of(2, 2, 3, 1)]),
        ["the 4 channels and the 6 outputs must both divide into the groups."] =
            (Plain(3), [Shape.Of(3, 3, 4), Shape.Of(2, 2, 1, 6)]),
        ["'Convolve' puts windows of 5 x 2 on an image of shape [3, 3, 1], which with its padding has only 3 x 3 pixels."] =
            (Plain(1), [Shape.Of(3, 3, 1), Shape.Of(5, 2, 1, 1)]),
        ["'Convolve' with windows of 2 x 2, steps of 0 x 1 and padding of 0, 0, 0, 0"] =
            (Plain(1) with { StrideY = 0 }, [Shape.Of(3, 3, 1), Shape.Of(2, 2, 1, 1)]),
        ["'ConvolveInputGradient' needs a gradient of shape [2, 2, 1], but got [3, 2, 1]."] =
            (Plain(1).InputGradient(Shape.Of(3, 3, 1)), [Shape.Of(3, 2, 1), Shape.Of(2, 2, 1, 1)]),
        ["'ConvolveKernelGradient' needs a gradient of shape [2, 2, 1], but got [3, 2, 1]."] =
            (Plain(1).KernelGradient(Shape.Of(2, 2, 1, 1)), [Shape.Of(3, 3, 1), Shape.Of(3, 2, 1)]),
        ["'MaxPool' needs an image of shape [height, width, channels], but got [3]."] =
            (new MaxPool(2, 2, 1, 1, 0, 0, 0, 0), [Shape.Of(3)]),
        ["'AveragePool' with windows of 2 x 2 and padding of 2, 0, 0, 0: a window could see nothing but padding"] =
            (new AveragePool(2, 2, 1, 1, 2, 0, 0, 0), [Shape.Of(3, 3, 1)]),
        ["'MaxPoolGradient' needs a gradient of shape [2, 2, 1], but got [1, 1, 1]."] =
            (new MaxPoolGradient(2, 2, 1, 1, 0, 0, 0, 0), [Shape.Of(3, 3, 1), Shape.Of(1, 1, 1)]),
        ["'AveragePoolGradient' needs a gradient of shape [2, 2, 1], but got [1, 1, 1]."] =
            (new AveragePoolGradient(2, 2, 1, 1, 0, 0, 0, 0, Shape.Of(3, 3, 1)), [Shape.Of(1, 1, 1)]),
        ["'ScanResult' reads result 0 of 'parameter', which has none such."] = (new ScanResult(0), [Shape.Scalar]),
        ["'Scan' with 1 states and 1 sequences got 1 inputs"] =
            (new Scan(1, 1, new Graph(default, default)), [Shape.Scalar]),
    };

    public static TheoryData<string> Messages => new(Wrong.Keys);

    [Theory]
    [MemberData(nameof(Messages))]
    public void Operation_says_what_does_not_fit(string message)
    {
        (Operation operation, Shape[] shapes) = Wrong[message];
        GraphBuilder graph = new();
        Value[] inputs = shapes.Select((shape, index) => graph.Add(new ParameterLeaf(index, shape, true))).ToArray();
        Assert.Contains(message, Assert.Throws<ShapeException>(() => graph.Add(operation, inputs)).Message);
    }

    [Fact]
    public void Every_operation_that_can_fail_is_here()
    {
        Type[] cannotFail = [typeof(Detach), typeof(SumOverExamples), typeof(SumOverSteps), typeof(EachStep)];
        IEnumerable<Type> missing = OperationCases.Types
            .Where(type => !typeof(Leaf).IsAssignableFrom(type) && !typeof(Elementwise).IsAssignableFrom(type))
            .Except(cannotFail)
            .Except(Wrong.Values.Select(item => item.Operation.GetType()));
        Assert.Empty(missing);
    }

    [Fact]
    public void Label_of_too_many_classes_is_refused()
    {
        GraphBuilder graph = new();
        Value label = graph.Add(new InputLeaf(0, Shape.Scalar, 10));
        Value table = graph.Add(new ParameterLeaf(0, Shape.Of(4, 2), true));
        Assert.Equal(
            "'Gather' is given a label of 10 classes, but there are only 4 rows.",
            Assert.Throws<ShapeException>(() => graph.Add(new Gather(), table, label)).Message);
    }

    private static Contract Contract(int[] left, int[] right, int[] result) => new(new(left), new(right), new(result));

    private static Convolve Plain(int groups) => new(1, 1, 0, 0, 0, 0, groups);
}
