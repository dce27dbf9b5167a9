namespace MaeLab.Engine.Data;

/// <summary>
/// Random erasing (Zhong et al. 2020) as MAE's fine-tuning has it, timm's mode <c>pixel</c>: a rectangle of a normalised image gives way to
/// normal noise, its own for every pixel and channel.
/// </summary>
public static class RandomErasing
{
    private const double MinArea = 0.02;
    private const double MaxArea = 1 / 3.0;

    /// <summary>Height to width, from this to its reciprocal.</summary>
    private const double MinRatio = 0.3;

    private const int Attempts = 10;

    /// <summary>Numbers of the stream that belong to one attempt; number 0 is the coin, and the noise comes after the attempts.</summary>
    private const int Draws = 4;

    /// <param name="image">[C, S, S], normalised; changed in place.</param>
    /// <param name="random">The image's own stream.</param>
    public static void Apply(Span<float> image, int size, double probability, CounterRandom random)
    {
        if (random.Unit(0) < probability && Part(size, random) is { } part)
        {
            var noise = Attempts * Draws;
            for (var channel = 0; channel < image.Length / (size * size); channel++)
            {
                for (var y = part.Top; y < part.Top + part.Height; y++)
                {
                    foreach (ref var value in image.Slice((((channel * size) + y) * size) + part.Left, part.Width))
                    {
                        value = (float)random.Normal(noise++);
                    }
                }
            }
        }
    }

    /// <summary>Area 0.02 to 1/3 of the image, ratio 0.3 to 3.3 (log-uniform), smaller than the image both ways; null after ten misfits.</summary>
    private static Rectangle? Part(int size, CounterRandom random)
    {
        for (var first = 1; first < Attempts * Draws; first += Draws)
        {
            var area = size * size * (MinArea + ((MaxArea - MinArea) * random.Unit(first)));
            var ratio = Math.Exp(((2 * random.Unit(first + 1)) - 1) * Math.Log(MinRatio));
            int height = (int)Math.Round(Math.Sqrt(area * ratio)), width = (int)Math.Round(Math.Sqrt(area / ratio));
            if (width < size && height < size)
            {
                return new(random.Below(first + 2, size - width + 1), random.Below(first + 3, size - height + 1), width, height);
            }
        }

        return null;
    }
}
