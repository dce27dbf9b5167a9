using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <param name="Gain">[depth + 1], the first is the embedding's.</param>
/// <param name="AttentionSteps">[depth] what attention adds to the stream, over the stream.</param>
/// <param name="MlpSteps">[depth] what the MLP adds, likewise.</param>
internal sealed record PropagationMeasure(double[] Gain, double[] AttentionSteps, double[] MlpSteps);

/// <summary>
/// Q3b, how stably representations propagate: the gain of a small disturbance e of the images x up to layer l,
/// (|H_l(x + e) - H_l(x)| / |H_l(x)|) / (|e| / |x|), the same mask for both; and the lengths of the steps |H_l+1 - H_l| / |H_l|, the
/// branches of attention and MLP apart. Frobenius norms over the whole batch H_l [N, T, D]. Bounded where depth is stable, exponential in l
/// where it is not. Inspired by Cao, Xu, Clifton 2022.
/// </summary>
internal static class PropagationGain
{
    /// <param name="relativeNoise">|e| / |x|.</param>
    public static PropagationMeasure Of(BlockTrace clean, BlockTrace disturbed, double relativeNoise)
    {
        using var scope = NewDisposeScope();
        var lengths = clean.States.Select(Length).ToList();
        return new(
            [.. clean.States.Zip(disturbed.States, (own, other) => Length(other - own)).Zip(lengths, (change, length) => change.Over(length * relativeNoise))],
            [.. clean.Middles.Select((middle, block) => Length(middle - clean.States[block]).Over(lengths[block]))],
            [.. clean.Middles.Select((middle, block) => Length(clean.States[block + 1] - middle).Over(lengths[block]))]);
    }

    public static double Length(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.norm().Values()[0];
    }
}
