using HyperDsl.Generator.Ir;
using HyperDsl.Generator.Ops;

namespace HyperDsl.Generator.Tests.Ops;

/// <summary>Every operation with inputs, with several attributes and odd shapes.</summary>
internal static class OperationCases
{
    private static readonly CaseInput X = Each(3, 5);
    private static readonly CaseInput W = Parameter(3, 5);

    public static IReadOnlyList<OperationCase> All { get; } =
        [.. Elementwise(), .. Shaping(), .. Rows(), .. Contractions(), .. Convolutions(), .. Pools()];

    /// <summary>
    /// Every operation a graph may hold before it is lowered. What they are lowered to has neither gradients nor messages for
    /// users; compiled code is compared with the interpreter instead.
    /// </summary>
    public static IReadOnlyList<Type> Types { get; } = typeof(Operation).Assembly.GetTypes()
        .Where(type => !type.IsAbstract && typeof(Operation).IsAssignableFrom(type) && type.Namespace == typeof(Add).Namespace)
        .ToArray();

    public static OperationCase Find(string name) => All.Single(candidate => candidate.Name == name);

    private static CaseInput Each(params int[] sizes) => new(Shape.Of(sizes), true);

    private static CaseInput Parameter(params int[] sizes) => new(Shape.Of(sizes), false);

    private static CaseInput Label(int classes) => new(Shape.Scalar, true, classes);

    private static EquatableArray<int> Axes(params int[] axes) => new(axes);

    private static IEnumerable<OperationCase> Elementwise()
    {
        CaseInput positive = X with { Positive = true };
        Operation[] everywhere =
        [
            new Negate(), new Abs(), new Sign(), new Exp(), new Sin(), new Cos(), new Tanh(), new Sigmoid(), new Relu(),
            new Softplus(), new Power(2), new Power(3), new Power(7), new Power(0), new Power(1),
        ];
        Operation[] whenPositive =
        [
            new Log(), new Sqrt(), new Power(-1), new Power(-3), new Power(0.5), new Power(-0.5), new Power(1.5),
            new Power(-1.5), new Power(2.3),
        ];
        Operation[] ofTwo =
        [
            new Add(), new Subtract(), new Multiply(), new Minimum(), new Maximum(), new Less(), new LessOrEqual(), new Equal(),
        ];
        return
        [
            .. everywhere.Select(operation => new OperationCase(operation, X)),
            .. whenPositive.Select(operation => new OperationCase(operation, positive)),
            .. ofTwo.Select(operation => new OperationCase(operation, X, W)),
            new OperationCase(new Divide(), X, W with { Positive = true }),
            new OperationCase(new Divide(), W, positive),
            new OperationCase(new Select(), X, W, X),
        ];
    }

    private static IEnumerable<OperationCase> Shaping() =>
    [
        new(new Broadcast(Shape.Of(2, 3, 5)), X), new(new Broadcast(Shape.Of(4, 3, 5)), Parameter(3, 1)),
        new(new Broadcast(Shape.Of(2, 3)), Each()),
        new(new Reshape(Shape.Of(5, 3)), X), new(new Reshape(Shape.Of(15)), W),
        new(new Transpose(Axes(1, 0)), X), new(new Transpose(Axes(2, 0, 1)), Parameter(2, 3, 5)),
        new(new Transpose(Axes(1, 0, 2)), Each(1, 4, 3)), new(new Transpose(Axes()), Each()),
        new(new Slice(1, 1, 3), X), new(new Slice(0, 0, 2), W),
        new(new Pad(Axes(1, 0), Axes(0, 2), 0), X), new(new Pad(Axes(2, 1), Axes(1, 1), -1.5), W),
        new(new Concat(0), X, Parameter(2, 5), Each(1, 5)), new(new Concat(1), Each(3, 2), Parameter(3, 5)),
        new(new Concat(0), X),
        new(new Sum(Axes(0)), X), new(new Sum(Axes(0, 1)), W), new(new Sum(Axes(1)), Each(2, 3, 2)), new(new Sum(Axes()), X),
        new(new Max(Axes(1)), X), new(new Max(Axes(0, 2)), Parameter(2, 3, 2)), new(new Max(Axes(0)), Each(1, 4)),
        new(new SumOverExamples(), X), new(new SumOverExamples(), W),
        new(new Detach(), X),
    ];

    private static IEnumerable<OperationCase> Rows() =>
    [
        new(new Gather(), Parameter(4, 3), Label(4)), new(new Gather(), Each(5), Label(3)),
        new(new ScatterRow(4), Each(2, 3), Label(4)), new(new ScatterRow(3), Parameter(), Label(2)),
        new(new OneHot(5), Label(5)),
    ];

    private static IEnumerable<OperationCase> Contractions() =>
    [
        new(new Contract(Axes(0, 1), Axes(1), Axes(0)), Parameter(3, 4), Each(4)),
        new(new Contract(Axes(0), Axes(1), Axes(0, 1)), Each(3), Each(2)),
        new(new Contract(Axes(0), Axes(1), Axes(1, 0)), Each(3), Parameter(2)),
        new(new Contract(Axes(0), Axes(0), Axes()), X with { Shape = Shape.Of(7) }, Parameter(7)),
        new(new Contract(Axes(0, 1, 2), Axes(0, 2, 3), Axes(0, 1, 3)), Each(2, 3, 4), Parameter(2, 4, 5)),
        new(new Contract(Axes(0, 1, 2), Axes(2, 3, 1), Axes(3, 0)), Parameter(2, 3, 4), Parameter(4, 5, 3)),
        new(new Contract(Axes(0, 1), Axes(0), Axes(1)), Each(3, 4), Each(3)),
    ];

    private static IEnumerable<OperationCase> Convolutions()
    {
        (Convolve Operation, Shape Image, Shape Kernel)[] settings =
        [
            (new Convolve(1, 1, 0, 0, 0, 0, 1), Shape.Of(3, 4, 2), Shape.Of(2, 2, 2, 3)),
            (new Convolve(1, 1, 1, 1, 1, 1, 1), Shape.Of(3, 2, 1), Shape.Of(3, 3, 1, 2)),
            (new Convolve(2, 3, 1, 0, 0, 2, 2), Shape.Of(4, 4, 4), Shape.Of(2, 3, 2, 2)),
            (new Convolve(2, 1, 0, 1, 2, 1, 3), Shape.Of(4, 3, 3), Shape.Of(3, 2, 1, 6)),
            (new Convolve(1, 1, 0, 0, 0, 0, 1), Shape.Of(2, 3, 3), Shape.Of(1, 1, 3, 2)),
        ];
        foreach ((Convolve operation, Shape imageShape, Shape kernelShape) in settings)
        {
            CaseInput result = new(operation.Result("Convolve", imageShape, kernelShape), true);
            foreach (bool generated in new[] { false, true })
            {
                CaseInput kernel = new(kernelShape, generated);
                yield return new OperationCase(operation, new CaseInput(imageShape, true), kernel);
                yield return new OperationCase(operation.InputGradient(imageShape), result, kernel);
            }
            yield return new OperationCase(operation.KernelGradient(kernelShape), new CaseInput(imageShape, true), result);
        }
    }

    private static IEnumerable<OperationCase> Pools()
    {
        (Window Window, Shape Image)[] settings =
        [
            (new Window(2, 2, 2, 2, 0, 0, 0, 0), Shape.Of(4, 4, 2)),
            (new Window(3, 2, 2, 1, 1, 0, 1, 1), Shape.Of(5, 3, 1)),
            (new Window(2, 3, 1, 2, 1, 1, 0, 2), Shape.Of(2, 4, 3)),
        ];
        foreach ((Window w, Shape shape) in settings)
        {
            CaseInput image = new(shape, true);
            CaseInput result = new(w.Pooled("MaxPool", shape), true);
            yield return new(new MaxPool(w.SizeY, w.SizeX, w.StrideY, w.StrideX, w.Top, w.Bottom, w.Left, w.Right), image);
            yield return new(new AveragePool(w.SizeY, w.SizeX, w.StrideY, w.StrideX, w.Top, w.Bottom, w.Left, w.Right), image);
            yield return new(
                new MaxPoolGradient(w.SizeY, w.SizeX, w.StrideY, w.StrideX, w.Top, w.Bottom, w.Left, w.Right), image, result);
            yield return new(
                new AveragePoolGradient(w.SizeY, w.SizeX, w.StrideY, w.StrideX, w.Top, w.Bottom, w.Left, w.Right, shape), result);
        }
    }
}
