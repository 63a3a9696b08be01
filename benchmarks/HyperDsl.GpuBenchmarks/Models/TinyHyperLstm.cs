namespace HyperDsl.Benchmarks.Models;

/// <summary>A layer-norm HyperLSTM of 8 units, to see that everything runs.</summary>
[HyperModel]
public sealed partial class TinyHyperLstm() : RecurrentModel(new HyperLstm(Inputs, 8, 4, 2, layerNorm: true));
