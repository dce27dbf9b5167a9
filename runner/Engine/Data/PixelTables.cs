namespace MaeLab.Engine.Data;

/// <summary>Operations of RandAugment that replace every value of a channel by what a table of 256 has for it, as Pillow's ImageOps do.</summary>
public static class PixelTables
{
    private const int Values = 256;
    private const int SolarizeAddBelow = 128;

    public static void Invert(ByteImage image) => Replace(image.Values, value => 255 - value);

    /// <summary>Keeps the upper bits.</summary>
    public static void Posterize(ByteImage image, int bits)
    {
        var mask = 255 & ~((1 << (8 - bits)) - 1);
        Replace(image.Values, value => value & mask);
    }

    /// <summary>Inverts the bright values.</summary>
    public static void Solarize(ByteImage image, int threshold) => Replace(image.Values, value => value < threshold ? value : 255 - value);

    /// <summary>Lightens the dark half of the values.</summary>
    public static void SolarizeAdd(ByteImage image, int add) => Replace(image.Values, value => value < SolarizeAddBelow ? value + add : value);

    /// <summary>Stretches the values of each channel over all of the range.</summary>
    public static void AutoContrast(ByteImage image)
    {
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            byte darkest = byte.MaxValue, brightest = 0;
            foreach (var value in plane)
            {
                (darkest, brightest) = (Math.Min(darkest, value), Math.Max(brightest, value));
            }

            if (brightest > darkest)
            {
                var scale = 255.0 / (brightest - darkest);
                Replace(plane, value => (int)((value * scale) - (darkest * scale)));
            }
        }
    }

    /// <summary>Spreads the values of each channel so that all are about equally frequent.</summary>
    public static void Equalize(ByteImage image)
    {
        Span<int> counts = stackalloc int[Values];
        var table = new int[Values];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            counts.Clear();
            foreach (var value in plane)
            {
                counts[value]++;
            }

            // Pixels that make one of the 255 steps; those of the brightest value come after the last.
            var step = (plane.Length - counts[counts.LastIndexOfAnyExcept(0)]) / 255;
            if (step == 0)
            {
                continue;
            }

            var below = step / 2;
            for (var value = 0; value < Values; value++)
            {
                table[value] = below / step;
                below += counts[value];
            }

            Replace(plane, value => table[value]);
        }
    }

    /// <param name="map">Of a value 0 to 255; what lies beyond is cut.</param>
    private static void Replace(Span<byte> values, Func<int, int> map)
    {
        Span<byte> table = stackalloc byte[Values];
        for (var value = 0; value < Values; value++)
        {
            table[value] = (byte)Math.Clamp(map(value), 0, 255);
        }

        foreach (ref var value in values)
        {
            value = table[value];
        }
    }
}
