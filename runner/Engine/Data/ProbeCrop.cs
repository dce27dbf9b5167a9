namespace MaeLab.Engine.Data;

/// <summary>The random crop of MAE's linear probing, TensorFlow's: a misfit is not drawn again but cut to the image.</summary>
public static class ProbeCrop
{
    /// <summary>Area 0.08 to 1 of the image, ratio 3/4 to 4/3 (log-uniform), sides at most the image's.</summary>
    public static Rectangle Of(int imageWidth, int imageHeight, CounterRandom random)
    {
        var area = imageWidth * imageHeight * (0.08 + (0.92 * random.Unit(0)));
        var ratio = Math.Exp(((2 * random.Unit(1)) - 1) * Math.Log(4 / 3.0));
        int width = Side(Math.Sqrt(area * ratio), imageWidth), height = Side(Math.Sqrt(area / ratio), imageHeight);
        return new(random.Below(2, imageWidth - width + 1), random.Below(3, imageHeight - height + 1), width, height);

        static int Side(double length, int limit) => Math.Clamp((int)Math.Round(length), 1, limit);
    }
}
