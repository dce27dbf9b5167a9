namespace MaeLab.Engine.Data;

/// <summary>
/// Operations of RandAugment that blend an image with a duller one of its own, as Pillow's ImageEnhance does: factor 0 gives the dull
/// one, 1 leaves the image, more goes beyond it.
/// </summary>
public static class PixelBlends
{
    /// <summary>With black.</summary>
    public static void Brightness(ByteImage image, float factor)
    {
        foreach (ref var value in image.Values)
        {
            value = Blend(0, value, factor);
        }
    }

    /// <summary>With the mean of its greys.</summary>
    public static void Contrast(ByteImage image, float factor)
    {
        var sum = 0L;
        for (var n = 0; n < image.Size * image.Size; n++)
        {
            sum += Grey(image, n);
        }

        var mean = (byte)(((double)sum / (image.Size * image.Size)) + 0.5);
        foreach (ref var value in image.Values)
        {
            value = Blend(mean, value, factor);
        }
    }

    /// <summary>With its greys; a grey image is that already.</summary>
    public static void Color(ByteImage image, float factor)
    {
        if (image.Channels == 1)
        {
            return;
        }

        for (var n = 0; n < image.Size * image.Size; n++)
        {
            var grey = Grey(image, n);
            for (var channel = 0; channel < image.Channels; channel++)
            {
                ref var value = ref image.Plane(channel)[n];
                value = Blend(grey, value, factor);
            }
        }
    }

    /// <summary>With the image smoothed over 3 x 3 pixels, the middle one counting five times; the border stays as it is.</summary>
    /// <param name="source">[C, S, S], room for the image as it was.</param>
    public static void Sharpness(ByteImage image, float factor, Span<byte> source)
    {
        image.Values.CopyTo(source);
        var size = image.Size;
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            ReadOnlySpan<byte> from = source.Slice(channel * size * size, size * size);
            for (var y = 1; y < size - 1; y++)
            {
                for (var x = 1; x < size - 1; x++)
                {
                    var n = (y * size) + x;
                    var sum = Three(from, n - size) + Three(from, n) + Three(from, n + size) + (4 * from[n]);
                    // To the nearest: thirteenths are never half-way.
                    plane[n] = Blend((byte)((sum + 6) / 13), from[n], factor);
                }
            }
        }

        static int Three(ReadOnlySpan<byte> row, int middle) => row[middle - 1] + row[middle] + row[middle + 1];
    }

    /// <summary>ITU-R 601 luma in 16 bits after the point, as Pillow converts RGB to L.</summary>
    private static byte Grey(ByteImage image, int n) =>
        image.Channels == 1 ? image.Values[n] : (byte)(((image.Plane(0)[n] * 19595) + (image.Plane(1)[n] * 38470) + (image.Plane(2)[n] * 7471) + 0x8000) >> 16);

    /// <summary>In single precision and cut to the byte below, as Pillow blends.</summary>
    private static byte Blend(byte dull, byte value, float factor) => (byte)Math.Clamp(dull + (factor * (value - dull)), 0, 255);
}
