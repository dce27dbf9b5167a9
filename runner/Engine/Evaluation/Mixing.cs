using MaeLab.Engine.Data;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Mixup (Zhang et al. 2018, alpha 0.8) or CutMix (Yun et al. 2019, alpha 1.0), one of them at even chances: an image of the batch takes
/// up its partner, the one as far from the batch's end, by a share of its own for every pixel.
/// </summary>
/// <param name="Partner">[S, S], the partner's share of a pixel.</param>
/// <param name="Share">The partner's share of the image, and of its label.</param>
public sealed record Mixing(float[] Partner, double Share)
{
    private const double MixupAlpha = 0.8;

    public static Mixing Of(CounterRandom random, int size)
    {
        var partner = new float[size * size];
        if (random.Unit(0) < 0.5)
        {
            var share = Beta(random, MixupAlpha);
            Array.Fill(partner, (float)share);
            return new(partner, share);
        }

        // Beta(1, 1) is uniform. The box may reach over the edge, so the share is counted.
        var side = (int)(size * Math.Sqrt(random.Unit(1)));
        int left = random.Below(2, size) - (side / 2), top = random.Below(3, size) - (side / 2);
        int right = Math.Min(left + side, size), bottom = Math.Min(top + side, size);
        (left, top) = (Math.Max(left, 0), Math.Max(top, 0));
        for (var y = top; y < bottom; y++)
        {
            partner.AsSpan((y * size) + left, right - left).Fill(1);
        }

        return new(partner, (double)(right - left) * (bottom - top) / (size * size));
    }

    /// <param name="images">[N, C, S, S]</param>
    internal Tensor Mix(Tensor images) =>
        images.lerp(images.flip(0), tensor(Partner, [1, 1, images.shape[2], images.shape[3]], device: images.device).expand_as(images));

    /// <summary>Beta(alpha, alpha) by Joehnk's method, for alpha up to 1: two draws of u^(1 / alpha), taken when their sum is at most 1.</summary>
    private static double Beta(CounterRandom random, double alpha)
    {
        for (var draw = 4; ; draw += 2)
        {
            double x = Math.Pow(random.Unit(draw), 1 / alpha), y = Math.Pow(random.Unit(draw + 1), 1 / alpha);
            if (x + y is > 0 and <= 1)
            {
                return x / (x + y);
            }
        }
    }
}
