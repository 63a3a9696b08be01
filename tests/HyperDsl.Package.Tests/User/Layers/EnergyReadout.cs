using HyperDsl;
using static HyperDsl.TensorMath;

namespace Layers;

/// <summary>Scores by the mean square of every channel.</summary>
/// <param name="channels">Channels of the image.</param>
/// <param name="classes">How many scores.</param>
[Network]
public sealed partial class EnergyReadout(int channels, int classes)
{
    private readonly Linear linear = new(channels, classes);

    /// <param name="image">[height, width, channels].</param>
    /// <returns>[classes].</returns>
    public Tensor Call(Tensor image) => linear.Call(Mean(Square(image), [0, 1]));
}
