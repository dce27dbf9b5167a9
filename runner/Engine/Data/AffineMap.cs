namespace MaeLab.Engine.Data;

/// <summary>
/// Operations of RandAugment that move an image's pixels, as Pillow's transform by an affine map with BICUBIC does: a point (x, y) of the
/// result shows the image at (Xx x + Xy y + X, Yx x + Yy y + Y), in pixels from the upper left corner; pixel n reaches from n to n + 1.
/// </summary>
public readonly record struct AffineMap(double Xx, double Xy, double X, double Yx, double Yy, double Y)
{
    private static AffineMap Identity => new(1, 0, 0, 0, 1, 0);

    /// <summary>Moves a row by a share of its distance from the top.</summary>
    public static AffineMap ShearX(double share) => Identity with { Xy = share };

    /// <summary>Moves a column by a share of its distance from the left.</summary>
    public static AffineMap ShearY(double share) => Identity with { Yx = share };

    public static AffineMap TranslateX(double pixels) => Identity with { X = pixels };

    public static AffineMap TranslateY(double pixels) => Identity with { Y = pixels };

    /// <summary>Anticlockwise about the middle.</summary>
    public static AffineMap Rotate(double degrees, int size)
    {
        var (sin, cos) = Math.SinCos(-degrees * Math.PI / 180);
        var middle = size / 2.0;
        return new(cos, sin, middle - ((cos + sin) * middle), -sin, cos, middle - ((cos - sin) * middle));
    }

    /// <param name="source">[C, S, S], room for the image as it was.</param>
    /// <param name="fill">[C], what shows where the image does not reach.</param>
    public void Apply(ByteImage image, ReadOnlySpan<byte> fill, Span<byte> source)
    {
        image.Values.CopyTo(source);
        var size = image.Size;
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                double column = (Xx * (x + 0.5)) + (Xy * (y + 0.5)) + X, row = (Yx * (x + 0.5)) + (Yy * (y + 0.5)) + Y;
                var isInside = column >= 0 && column < size && row >= 0 && row < size;
                for (var channel = 0; channel < image.Channels; channel++)
                {
                    image.Plane(channel)[(y * size) + x] =
                        isInside ? At(source.Slice(channel * size * size, size * size), size, column - 0.5, row - 0.5) : fill[channel];
                }
            }
        }
    }

    /// <summary>The image between its pixels' middles, by the cubic with a = -1; beyond the border its pixels go on.</summary>
    private static byte At(ReadOnlySpan<byte> plane, int size, double column, double row)
    {
        int left = (int)Math.Floor(column), top = (int)Math.Floor(row);
        double x = column - left, y = row - top;
        Span<double> rows = stackalloc double[4];
        for (var k = 0; k < rows.Length; k++)
        {
            var line = plane.Slice(Math.Clamp(top - 1 + k, 0, size - 1) * size, size);
            rows[k] = Cubic(
                line[Math.Clamp(left - 1, 0, size - 1)], line[Math.Clamp(left, 0, size - 1)],
                line[Math.Clamp(left + 1, 0, size - 1)], line[Math.Clamp(left + 2, 0, size - 1)], x);
        }

        return (byte)Math.Clamp(Cubic(rows[0], rows[1], rows[2], rows[3], y), 0, 255);
    }

    /// <summary>Through <paramref name="b"/> at 0 and <paramref name="c"/> at 1.</summary>
    private static double Cubic(double a, double b, double c, double d, double at) =>
        b + (at * (c - a + (at * ((2 * (a - b)) + c - d + (at * (b - a + d - c))))));
}
