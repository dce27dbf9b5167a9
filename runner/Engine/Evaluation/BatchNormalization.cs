using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Batch normalisation without affine part, as PyTorch has it: a batch is normalised by its own mean and variance while the running
/// ones follow with momentum 0.1 (the variance unbiased); predictions are made with the running ones.
/// </summary>
public sealed class BatchNormalization(long width, Device device) : IDisposable
{
    private const double Epsilon = 1e-6;
    private const double Momentum = 0.1;

    /// <summary>[1, D]</summary>
    public Tensor RunningMean { get; } = zeros(1, width, device: device).DetachFromDisposeScope();

    /// <summary>[1, D]</summary>
    public Tensor RunningVariance { get; } = ones(1, width, device: device).DetachFromDisposeScope();

    /// <summary>Normalises a training batch and learns from it.</summary>
    /// <param name="x">[n, D]</param>
    public Tensor Train(Tensor x)
    {
        Tensor mean = x.mean([0], keepdim: true), variance = x.var([0L], unbiased: false, keepdim: true);
        var unbiased = (double)x.shape[0] / Math.Max(1, x.shape[0] - 1);
        RunningMean.TimesInPlace(1 - Momentum).PlusInPlace(mean, Momentum);
        RunningVariance.TimesInPlace(1 - Momentum).PlusInPlace(variance, Momentum * unbiased);
        return Normalize(x, mean, variance);
    }

    public Tensor Apply(Tensor x) => Normalize(x, RunningMean, RunningVariance);

    public void Dispose()
    {
        RunningMean.Dispose();
        RunningVariance.Dispose();
    }

    private static Tensor Normalize(Tensor x, Tensor mean, Tensor variance) => (x - mean) / variance.Plus(Epsilon).sqrt();
}
