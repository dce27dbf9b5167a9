using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MaeLab.Engine.Data;

/// <summary>
/// Cuts a rectangle out of an image and brings it to a square of the model's size by separable bicubic interpolation (a = -0.5,
/// widened when it shrinks the image), which is what Pillow's BICUBIC does. Keeps its buffers; one a thread.
/// </summary>
public sealed class Resampler(int size)
{
    private readonly ResamplingFilter _columns = new(size);
    private readonly ResamplingFilter _rows = new(size);

    /// <summary>Rows of the part, brought to the target's width.</summary>
    private float[] _lines = [];

    /// <summary>Some rows of the part side by side: value r of column c at c x lanes + r.</summary>
    private float[] _tile = [];

    /// <summary>Sets the rectangle that is cut out of the planes that follow.</summary>
    public void Aim(Rectangle part)
    {
        _columns.Aim(part.Left, part.Width);
        _rows.Aim(part.Top, part.Height);
        Grow(ref _lines, _rows.Length * size);
        Grow(ref _tile, _columns.Length * Vector<float>.Count);
    }

    /// <param name="plane">[height, width], one channel.</param>
    /// <param name="result">[size, size], pixel values 0 to 255.</param>
    public void Resample(ReadOnlySpan<byte> plane, int width, Span<float> result)
    {
        var lanes = Vector<float>.Count;
        for (var row = 0; row < _rows.Length; row += lanes)
        {
            var rows = Math.Min(lanes, _rows.Length - row);
            for (var lane = 0; lane < rows; lane++)
            {
                Interleave(plane.Slice(((_rows.Begin + row + lane) * width) + _columns.Begin, _columns.Length), lane);
            }

            Narrow(row, rows);
        }

        for (var y = 0; y < size; y++)
        {
            Combine(_rows.First(y), _rows.Weights(y), result.Slice(y * size, size));
        }
    }

    private void Interleave(ReadOnlySpan<byte> source, int lane)
    {
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tile), lane);
        for (var column = 0; column < source.Length; column++)
        {
            Unsafe.Add(ref to, column * Vector<float>.Count) = source[column];
        }
    }

    /// <summary>Brings the rows of the tile to the target's width, all at once; each sum is taken in the order of the columns.</summary>
    private void Narrow(int row, int rows)
    {
        ref var tile = ref MemoryMarshal.GetArrayDataReference(_tile);
        ref var lines = ref _lines[row * size];
        for (var x = 0; x < size; x++)
        {
            var sum = Vector<float>.Zero;
            var at = _columns.First(x) * Vector<float>.Count;
            foreach (var weight in _columns.Weights(x))
            {
                sum += weight * Vector.LoadUnsafe(ref tile, (nuint)at);
                at += Vector<float>.Count;
            }

            for (var lane = 0; lane < rows; lane++)
            {
                Unsafe.Add(ref lines, (lane * size) + x) = sum[lane];
            }
        }
    }

    /// <summary>The weighted sum of lines, kept within pixel values: the cubic overshoots at edges.</summary>
    private void Combine(int first, ReadOnlySpan<float> weights, Span<float> result)
    {
        var lines = _lines.AsSpan(first * size);
        var x = 0;
        for (; x <= size - Vector<float>.Count; x += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] * new Vector<float>(lines[((k * size) + x)..]);
            }

            Vector.Min(Vector.Max(sum, Vector<float>.Zero), new Vector<float>(255)).CopyTo(result[x..]);
        }

        for (; x < size; x++)
        {
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] * lines[(k * size) + x];
            }

            result[x] = Math.Clamp(sum, 0, 255);
        }
    }

    private static void Grow(ref float[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = new float[length];
        }
    }
}

public readonly record struct Rectangle(int Left, int Top, int Width, int Height);
