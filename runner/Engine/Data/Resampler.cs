namespace MaeLab.Engine.Data;

/// <summary>
/// Cuts a rectangle out of an image and brings it to a square of the model's size by separable bicubic interpolation (a = -0.5,
/// widened when it shrinks the image), which is what Pillow's BICUBIC does.
/// </summary>
public sealed class Resampler(int imageSize, int size)
{
    private readonly float[] _rows = new float[imageSize * size];

    /// <param name="plane">[imageSize, imageSize], one channel.</param>
    /// <param name="result">[size, size], pixel values 0 to 255.</param>
    public void Resample(ReadOnlySpan<byte> plane, Rectangle part, Span<float> result)
    {
        var columns = Filter(part.Left, part.Width);
        var rows = Filter(part.Top, part.Height);
        int first = rows[0].First, end = rows[^1].First + rows[^1].Weights.Length;
        for (var row = first; row < end; row++)
        {
            for (var x = 0; x < size; x++)
            {
                var (start, weights) = columns[x];
                var sum = 0f;
                for (var k = 0; k < weights.Length; k++)
                {
                    sum += weights[k] * plane[(row * imageSize) + start + k];
                }

                _rows[(row * size) + x] = sum;
            }
        }

        for (var y = 0; y < size; y++)
        {
            var (start, weights) = rows[y];
            var line = result.Slice(y * size, size);
            line.Clear();
            for (var k = 0; k < weights.Length; k++)
            {
                var source = _rows.AsSpan((start + k) * size, size);
                for (var x = 0; x < size; x++)
                {
                    line[x] += weights[k] * source[x];
                }
            }

            // The cubic overshoots at edges.
            foreach (ref var value in line)
            {
                value = Math.Clamp(value, 0, 255);
            }
        }
    }

    /// <summary>For every target position the first source position and the weights from there on, which sum to one.</summary>
    private (int First, float[] Weights)[] Filter(int from, int length)
    {
        var scale = (double)length / size;
        var reach = 2 * Math.Max(scale, 1);
        var filter = new (int, float[])[size];
        for (var target = 0; target < size; target++)
        {
            var center = from + ((target + 0.5) * scale);
            var first = Math.Max(from, (int)Math.Floor(center - reach + 0.5));
            var end = Math.Min(from + length, (int)Math.Floor(center + reach + 0.5));
            var weights = new float[end - first];
            var sum = 0.0;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] = (float)Cubic((first + k + 0.5 - center) / Math.Max(scale, 1));
            }

            for (var k = 0; k < weights.Length; k++)
            {
                weights[k] = (float)(weights[k] / sum);
            }

            filter[target] = (first, weights);
        }

        return filter;
    }

    private static double Cubic(double x)
    {
        const double A = -0.5;
        x = Math.Abs(x);
        return x < 1 ? ((((A + 2) * x) - (A + 3)) * x * x) + 1
            : x < 2 ? A * ((((x - 5) * x) + 8) * x - 4)
            : 0;
    }
}

public readonly record struct Rectangle(int Left, int Top, int Width, int Height);
