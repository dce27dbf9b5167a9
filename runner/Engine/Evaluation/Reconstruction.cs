using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>Images and what a model makes of them through a mask, in pixels of [0, 1].</summary>
/// <param name="Original">[N, C, S, S]</param>
/// <param name="Predicted">[N, C, S, S], as predicted for every patch.</param>
/// <param name="Removed">[N, 1, S, S], 0 kept, 1 removed.</param>
internal sealed record Reconstruction(Tensor Original, Tensor Predicted, Tensor Removed)
{
    /// <summary>Mean squared error over the removed pixels.</summary>
    public double Error()
    {
        using var scope = NewDisposeScope();
        return ((Original - Predicted).Squared() * Removed).sum().item<float>()
            / (Removed.sum().item<float>() * Original.shape[1]);
    }

    /// <returns>[N, L], mean squared error of every patch.</returns>
    public Tensor PatchErrors(MaeShape shape) => Patches.ForTarget((Original - Predicted).Squared(), shape).mean([-1]);
}
