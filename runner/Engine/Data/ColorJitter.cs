namespace MaeLab.Engine.Data;

/// <summary>
/// Random brightness, contrast, saturation and hue in random order on pixels of [0, 1], as torchvision's
/// ColorJitter(0.4, 0.4, 0.4, 0.1) does it. Grey images have no saturation and no hue.
/// </summary>
public static class ColorJitter
{
    private const double Strength = 0.4;
    private const double HueStrength = 0.1;

    private enum Change
    {
        Brightness,
        Contrast,
        Saturation,
        Hue,
    }

    /// <param name="image">[C, S, S], normalised by <paramref name="mean"/> and <paramref name="deviation"/>; changed in place.</param>
    /// <param name="random">The image's own stream: numbers 0 to 3 are the strengths, 4 to 7 the order.</param>
    public static void Apply(Span<float> image, float[] mean, float[] deviation, CounterRandom random)
    {
        var plane = image.Length / mean.Length;
        for (var n = 0; n < image.Length; n++)
        {
            image[n] = Clip((image[n] * deviation[n / plane]) + mean[n / plane]);
        }

        Change[] changes = [Change.Brightness, Change.Contrast, Change.Saturation, Change.Hue];
        Array.Sort([.. changes.Select(change => random.Bits(changes.Length + (int)change))], changes);
        foreach (var change in changes)
        {
            var draw = (float)((2 * random.Unit((int)change)) - 1);
            Apply(change, draw, image, isColored: mean.Length == 3);
        }

        for (var n = 0; n < image.Length; n++)
        {
            image[n] = (image[n] - mean[n / plane]) / deviation[n / plane];
        }
    }

    /// <param name="draw">In [-1, 1).</param>
    private static void Apply(Change change, float draw, Span<float> image, bool isColored)
    {
        var factor = 1 + ((float)Strength * draw);
        switch (change)
        {
            case Change.Brightness:
                Blend(image, 0, factor);
                break;
            case Change.Contrast:
                Blend(image, MeanGrey(image, isColored), factor);
                break;
            case Change.Saturation when isColored:
                Saturate(image, factor);
                break;
            case Change.Hue when isColored:
                TurnHue(image, (float)HueStrength * draw);
                break;
        }
    }

    private static void Blend(Span<float> image, float other, float factor)
    {
        foreach (ref var value in image)
        {
            value = Clip((factor * value) + ((1 - factor) * other));
        }
    }

    private static float MeanGrey(ReadOnlySpan<float> image, bool isColored)
    {
        var plane = isColored ? image.Length / 3 : image.Length;
        var sum = 0.0;
        for (var n = 0; n < plane; n++)
        {
            sum += isColored ? Grey(image[n], image[plane + n], image[(2 * plane) + n]) : image[n];
        }

        return (float)(sum / plane);
    }

    private static void Saturate(Span<float> image, float factor)
    {
        var plane = image.Length / 3;
        for (var n = 0; n < plane; n++)
        {
            ref float red = ref image[n], green = ref image[plane + n], blue = ref image[(2 * plane) + n];
            var grey = (1 - factor) * Grey(red, green, blue);
            (red, green, blue) = (Clip((factor * red) + grey), Clip((factor * green) + grey), Clip((factor * blue) + grey));
        }
    }

    /// <param name="turn">Share of the colour circle.</param>
    private static void TurnHue(Span<float> image, float turn)
    {
        var plane = image.Length / 3;
        for (var n = 0; n < plane; n++)
        {
            ref float red = ref image[n], green = ref image[plane + n], blue = ref image[(2 * plane) + n];
            float largest = Math.Max(red, Math.Max(green, blue)), range = largest - Math.Min(red, Math.Min(green, blue));
            if (range == 0)
            {
                continue;
            }

            // In sixths of the circle: red 0, green 2, blue 4.
            var hue = largest == red ? (green - blue) / range
                : largest == green ? 2 + ((blue - red) / range)
                : 4 + ((red - green) / range);
            hue += 6 * turn;
            (red, green, blue) = (Channel(largest, range, hue + 5), Channel(largest, range, hue + 3), Channel(largest, range, hue + 1));
        }
    }

    /// <summary>A channel of the colour with this largest channel, range and hue: a trapezium over the colour circle.</summary>
    /// <param name="sixth">Hue in sixths, moved so that the channel's trough begins at 0.</param>
    private static float Channel(float largest, float range, float sixth)
    {
        sixth -= 6 * MathF.Floor(sixth / 6);
        return largest - (range * Math.Clamp(Math.Min(sixth, 4 - sixth), 0, 1));
    }

    /// <summary>ITU-R 601 luma.</summary>
    private static float Grey(float red, float green, float blue) => (0.2989f * red) + (0.587f * green) + (0.114f * blue);

    private static float Clip(float value) => Math.Clamp(value, 0, 1);
}
