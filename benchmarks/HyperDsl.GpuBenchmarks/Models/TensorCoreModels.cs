namespace HyperDsl.Benchmarks.Models;

/// <summary><see cref="Lstm1000"/>, large products on tensor cores.</summary>
[HyperModel(GpuTensorCores = true)]
public sealed partial class Lstm1000OnTensorCores() : RecurrentModel(new Lstm(Inputs, 1000, forgetBias: 0));

/// <summary><see cref="HyperLstm1000"/>, large products on tensor cores.</summary>
[HyperModel(GpuTensorCores = true)]
public sealed partial class HyperLstm1000OnTensorCores() : RecurrentModel(new HyperLstm(Inputs, 1000, 128, 4, layerNorm: true));

/// <summary><see cref="Convolution64"/> on tensor cores.</summary>
[HyperModel(GpuTensorCores = true)]
public sealed partial class Convolution64OnTensorCores() : ConvolutionNet(64);
