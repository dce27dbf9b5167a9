using MaeLab.Engine.Data;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Stochastic depth (Huang et al. 2016): an image skips a block's branch with a probability that rises linearly from 0 in the first
/// block; the branches kept are scaled up, so that the expectation is the whole network.
/// </summary>
public static class DropPath
{
    /// <returns>[2 depth, N]: 0 for a dropped branch, 1 / (1 - rate) for a kept one; attention before MLP.</returns>
    public static float[] Factors(double rate, int depth, long seed, long epoch, IReadOnlyList<int> images)
    {
        var factors = new float[2 * depth * images.Count];
        for (var n = 0; n < images.Count; n++)
        {
            var random = CounterRandom.Of(seed, RandomPurpose.DropPath, epoch, images[n]);
            for (var branch = 0; branch < 2 * depth; branch++)
            {
                var dropped = depth > 1 ? rate * (branch / 2) / (depth - 1) : 0;
                factors[(branch * images.Count) + n] = random.Unit(branch) < dropped ? 0 : (float)(1 / (1 - dropped));
            }
        }

        return factors;
    }

    /// <returns>[N, 1, 1] for every branch; null where nothing is ever dropped.</returns>
    internal static IReadOnlyList<Tensor>? Tensors(double rate, int depth, long seed, long epoch, IReadOnlyList<int> images, Device device) =>
        rate == 0 ? null : tensor(Factors(rate, depth, seed, epoch, images), [2 * depth, images.Count, 1, 1], device: device).unbind(0);
}
