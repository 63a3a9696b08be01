using TorchSharp;

namespace HyperDsl.Benchmarks.Rivals;

/// <summary>A recurrent layer that goes on step by step for one sequence of symbols, without gradients.</summary>
public interface IStepRival
{
    /// <summary>What it is.</summary>
    string Name { get; }

    /// <summary>Begins the sequence anew.</summary>
    void Restart();

    /// <summary>One step.</summary>
    /// <param name="symbol">The symbol read.</param>
    /// <returns>h, [1, units]; it is the layer's until the next step.</returns>
    torch.Tensor Next(int symbol);
}
