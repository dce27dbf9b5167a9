using MaeLab.Engine.Data;

namespace MaeLab.Engine.Evaluation;

/// <summary>The random crop of MAE's linear probing, TensorFlow's: a misfit is not drawn again but cut to the image.</summary>
public static class ProbeCrop
{
    /// <summary>Area 0.08 to 1 of the image, ratio 3/4 to 4/3 (log-uniform), sides at most the image's.</summary>
    public static Rectangle Of(int imageSize, CounterRandom random)
    {
        var area = imageSize * imageSize * (0.08 + (0.92 * random.Unit(0)));
        var ratio = Math.Exp(((2 * random.Unit(1)) - 1) * Math.Log(4 / 3.0));
        int width = Side(Math.Sqrt(area * ratio)), height = Side(Math.Sqrt(area / ratio));
        return new(random.Below(2, imageSize - width + 1), random.Below(3, imageSize - height + 1), width, height);

        int Side(double length) => Math.Clamp((int)Math.Round(length), 1, imageSize);
    }
}
