using static HyperDsl.TensorMath;

namespace HyperDsl;

/// <summary>A convolution with a learned square kernel and one bias a channel.</summary>
[Network]
public sealed partial class Convolution2d
{
    private readonly Weight kernel;
    private readonly Weight? bias;
    private readonly int stride;
    private readonly Padding padding;
    private readonly int groups;

    /// <param name="inputs">Channels of the image.</param>
    /// <param name="outputs">Channels of the result.</param>
    /// <param name="size">Rows and columns of the kernel.</param>
    /// <param name="stride">Pixels from one window to the next.</param>
    /// <param name="padding">Zeros around; <see cref="Padding.Same"/> when not given.</param>
    /// <param name="groups">Equal parts of the channels that do not see each other.</param>
    /// <param name="bias">Whether there is a bias; it begins at 0.</param>
    /// <param name="init">How the kernel [size, size, inputs / groups, outputs] begins; <see cref="Initialiser.HeNormal"/> when not given.</param>
    /// <exception cref="ArgumentException">The channels do not fall into equal groups.</exception>
    public Convolution2d(
        int inputs,
        int outputs,
        int size,
        int stride = 1,
        Padding? padding = null,
        int groups = 1,
        bool bias = true,
        Initialiser? init = null)
    {
        if (groups < 1 || inputs % groups != 0 || outputs % groups != 0)
        {
            throw new ArgumentException(
                $"A convolution from {inputs} to {outputs} channels does not fall into {groups} groups: both must be multiples of it.");
        }
        kernel = new Weight(size, size, inputs / groups, outputs) { Init = init ?? Initialiser.HeNormal };
        this.bias = bias ? new Weight(outputs) : null;
        this.stride = stride;
        this.padding = padding ?? Padding.Same;
        this.groups = groups;
    }

    /// <param name="image">[height, width, inputs].</param>
    /// <returns>[output height, output width, outputs].</returns>
    /// <exception cref="TensorShapeException">The shape does not fit.</exception>
    public Tensor Call(Tensor image)
    {
        Tensor y = Conv2d(image, kernel, stride, padding, groups);
        return bias is null ? y : y + bias;
    }
}
