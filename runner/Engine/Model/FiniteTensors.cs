using static TorchSharp.torch;

namespace MaeLab.Engine.Model;

internal static class FiniteTensors
{
    /// <summary>Whether every element is a number. Extremes of a tensor with a NaN are NaN; unlike a mask of its elements they take no memory.</summary>
    public static bool AreAllFinite(this Tensor values)
    {
        using var free = no_grad();
        using var scope = NewDisposeScope();
        return float.IsFinite(values.min().item<float>()) && float.IsFinite(values.max().item<float>());
    }
}
