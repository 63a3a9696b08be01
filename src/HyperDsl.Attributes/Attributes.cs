namespace HyperDsl;

/// <summary>Marks a class that the compiler turns into a trainable model. The class is partial and derives from <c>Model</c>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class HyperModelAttribute : Attribute
{
    /// <summary>Emit the same code in double precision as well, for gradient checks.</summary>
    public bool Float64 { get; set; }

    /// <summary>
    /// How many examples a worker takes at a time on the processor, 1 to 256; 0 lets sizes decide, mostly 16. More examples read large weights
    /// less often, fewer give more workers something to do: a batch of 64 keeps four workers busy with 16, two with 32. Sums over examples
    /// are cut by it, so another number gives other last bits; the number of threads never does.
    /// </summary>
    public int SliceExamples { get; set; }

    /// <summary>
    /// Let tensor cores multiply large products on NVIDIA's GPUs that have them (compute capability 8.0 or more). They round both factors to ten
    /// mantissa bits (TF32) and add up in single precision: a product is off by up to 2⁻¹⁰ of the sum of its terms' magnitudes (of 64 random terms
    /// 2.1e-4 was measured) instead of 2⁻²⁴ for each term. Other devices, and kernels that walk sequences, multiply in single precision.
    /// </summary>
    public bool GpuTensorCores { get; set; }

    /// <summary>Who walks sequences on a GPU.</summary>
    public GpuLoops GpuLoops { get; set; }
}

/// <summary>How steps of time are done on a GPU.</summary>
public enum GpuLoops
{
    /// <summary>As the sizes make it seem quicker.</summary>
    Automatic,

    /// <summary>For every step the host launches kernels that work on all examples.</summary>
    Host,

    /// <summary>
    /// One kernel walks the sequence; each group of threads takes a few examples through all steps. A loop in which examples are added
    /// up stays with the host.
    /// </summary>
    Device,
}

/// <summary>
/// Marks a class that holds weights or other networks and is used inside a model. The class is partial; the compiler writes
/// the visitor that names its weights.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class NetworkAttribute : Attribute;

/// <summary>Marks a network or weight field whose results serve as weights of another network.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class HyperAttribute : Attribute;

/// <summary>Marks a method of a model that computes one example's prediction.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PredictAttribute : Attribute;

/// <summary>Marks a method of a model that computes one example's loss, a scalar. Training minimises its mean over the batch.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LossAttribute : Attribute;

/// <summary>The shape of one example of an input, outermost axis first: images are [height, width, channels].</summary>
/// <param name="sizes">Sizes; none for a scalar.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ShapeAttribute(params int[] sizes) : Attribute
{
    /// <summary>The sizes.</summary>
    public IReadOnlyList<int> Sizes { get; } = sizes;
}

/// <summary>The number of classes of a <c>Label</c> input.</summary>
/// <param name="count">Labels are from 0 up to, not including, this.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ClassesAttribute(int count) : Attribute
{
    /// <summary>The number of classes.</summary>
    public int Count { get; } = count;
}

/// <summary>Marks an input that has one value at each step of time; shape and classes are those of one step.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class StepsAttribute : Attribute;

/// <summary>
/// Marks a <c>Tensor</c> field or automatic property of a <c>Cell</c>, or of a network inside one, that is carried from step to
/// step. Its initial value is where every sequence begins; a <c>Weight</c> makes it learned. <c>Step</c> assigns the next value, of
/// the same shape.
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class StateAttribute : Attribute;

/// <summary>Marks a tensor operation that the compiler knows by name; everything else is traced into.</summary>
/// <param name="name">The operation's name in the compiler.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class PrimitiveAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}

/// <summary>
/// Marks a type whose files a library carries as source text, so that its users' compiler can trace into its methods. Networks
/// are carried without being marked; mark operations composed of others, and every type of one's own that carried code names
/// in signatures.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Enum)]
public sealed class HyperLibraryAttribute : Attribute;

/// <summary>
/// Source text of a library's networks, written by the compiler when it builds the library, so that the compiler can trace
/// into them when it builds a user of the library.
/// </summary>
/// <param name="path">The file's name, for messages.</param>
/// <param name="text">Its text.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class HyperSourceAttribute(string path, string text) : Attribute
{
    /// <summary>The file's name.</summary>
    public string Path { get; } = path;

    /// <summary>The file's text.</summary>
    public string Text { get; } = text;
}
