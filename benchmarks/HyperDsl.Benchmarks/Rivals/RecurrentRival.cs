using TorchSharp;

namespace HyperDsl.Benchmarks.Rivals;

/// <summary>A recurrent layer of libtorch with the loss of <see cref="Models.RecurrentModel"/>.</summary>
public abstract class RecurrentRival : IDisposable
{
    private IReadOnlyList<torch.Tensor> gradients = [];

    /// <summary>What it is.</summary>
    public abstract string Name { get; }

    /// <summary>The loss of the last run.</summary>
    public double LastLoss { get; private set; }

    /// <summary>Its weights.</summary>
    protected abstract IReadOnlyList<torch.Tensor> Weights { get; }

    /// <summary>Loss and gradients of all weights by autograd.</summary>
    /// <param name="input">[step, batch, inputs].</param>
    public void Train(torch.Tensor input)
    {
        Forget();
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor loss = Loss(input);
        gradients = [.. torch.autograd.grad([loss], [.. Weights])];
        foreach (torch.Tensor gradient in gradients)
        {
            gradient.MoveToOuterDisposeScope();
        }
        LastLoss = loss.item<float>();
    }

    /// <summary>The loss alone.</summary>
    /// <param name="input">[step, batch, inputs].</param>
    public void Evaluate(torch.Tensor input)
    {
        using IDisposable noGradients = torch.no_grad();
        using DisposeScope scope = torch.NewDisposeScope();
        LastLoss = Loss(input).item<float>();
    }

    /// <summary>The largest difference of the last gradients to HyperDsl's, over the largest of each weight; null if there is no counterpart.</summary>
    /// <param name="ours">HyperDsl's gradients of the same loss with the same weights.</param>
    public abstract double? Difference(GradientStore ours);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The layer's outputs, [step, batch, units].</summary>
    /// <param name="input">[step, batch, inputs].</param>
    protected abstract torch.Tensor Scan(torch.Tensor input);

    /// <summary>The last gradient of a weight.</summary>
    protected torch.Tensor Gradient(torch.Tensor weight)
    {
        for (int i = 0; i < Weights.Count; i++)
        {
            if (ReferenceEquals(Weights[i], weight))
            {
                return gradients[i];
            }
        }
        throw new ArgumentException("The tensor is none of the weights.", nameof(weight));
    }

    /// <summary>The largest difference over the largest magnitude.</summary>
    protected static double Difference(torch.Tensor theirs, ReadOnlySpan<float> ours)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor other = torch.tensor(ours.ToArray()).reshape(theirs.shape);
        return ((other - theirs).abs().max() / theirs.abs().max()).item<float>();
    }

    /// <summary>Frees the weights.</summary>
    /// <param name="disposing">Whether it is called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        Forget();
        foreach (torch.Tensor weight in Weights)
        {
            weight.Dispose();
        }
    }

    private void Forget()
    {
        foreach (torch.Tensor gradient in gradients)
        {
            gradient.Dispose();
        }
        gradients = [];
    }

    private torch.Tensor Loss(torch.Tensor input) => Scan(input).square().sum(-1).mean();
}
