namespace HyperDsl;

public static partial class TensorMath
{
    /// <summary>
    /// Gives a value a name under which it can be read while the model runs, see <see cref="Watched"/>. The name is preceded by the path of
    /// the network whose code calls this, as in <c>lstm.scaling</c>; a second value of the same path is called <c>lstm.scaling#2</c>.
    /// Costs nothing in calls that do not ask.
    /// </summary>
    /// <param name="name">A name, not empty.</param>
    /// <param name="value">Any shape.</param>
    /// <returns>The value itself.</returns>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    [Primitive("watch")]
    public static Tensor Watch(string name, Tensor value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return value;
    }
}
