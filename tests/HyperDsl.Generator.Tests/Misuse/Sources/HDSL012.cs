using HyperDsl;
using static HyperDsl.TensorMath;

[HyperModel]
public sealed partial class Digits : Model
{
    private readonly Shifted layer = new();

    [Predict]
    public Tensor Logits([Shape(4)] Tensor x) => layer.Call(x);
}

[Network]
public partial class Layer
{
    private readonly Weight w = new(3, 4);

    public virtual Tensor Call(Tensor x) => Dot(w, x);
}

[Network]
public sealed partial class Shifted : Layer
{
    private readonly Weight w = new(3);

    public override Tensor Call(Tensor x) => base.Call(x) + w;
}
