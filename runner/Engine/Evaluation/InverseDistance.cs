using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Evaluation;

/// <summary>
/// Interpolation by inverse distance (Shepard 1968): what a removed place can be guessed to be without having learnt anything. Every
/// visible place counts, by the fourth power of its inverse distance: of the powers 1, 2, 3, 4 and 6 it has the least error on images
/// of the embedded sample, for patches of 2, 4 and 7.
/// </summary>
public static class InverseDistance
{
    /// <summary>Places that are transformed at once, some 100 MB: a batch of large images would take gigabytes.</summary>
    private const long Places = 1 << 22;

    /// <summary>
    /// Numerator and denominator of the weighted mean are convolutions with the weights (normalised convolution, Knutsson and Westin
    /// 1993), hence products of Fourier transforms: 224 x 224 places have 2.5 billion pairs. In fp64, since far weights are small.
    /// </summary>
    /// <param name="values">[N, C, H, W]</param>
    /// <param name="removed">[N, 1, H, W], 0 kept, 1 removed; at least one place of each image is kept.</param>
    /// <returns>[N, C, H, W]: kept values as they are, removed ones interpolated.</returns>
    public static Tensor Fill(Tensor values, Tensor removed)
    {
        using var scope = NewDisposeScope();
        // Twice the size: what lies beyond an edge does not come in at the opposite one.
        long[] size = [2 * values.shape[2], 2 * values.shape[3]];
        var weights = fft.rfft2(Weights((int)size[0], (int)size[1]).to(values.device));
        var atOnce = Math.Max(1, Places / (values.shape[1] * size[0] * size[1]));
        return cat([.. values.split(atOnce).Zip(removed.split(atOnce), (some, hidden) => Fill(some, hidden, weights, size))], 0).MoveToOuterDisposeScope();
    }

    private static Tensor Fill(Tensor values, Tensor removed, Tensor weights, long[] size)
    {
        using var scope = NewDisposeScope();
        var (known, hidden) = (values.to(ScalarType.Float64), removed.to(ScalarType.Float64));
        var kept = hidden.neg().Plus(1);
        var mean = Sums(known * kept) / Sums(kept);
        return known.Plus((mean - known) * hidden).to(values.dtype).MoveToOuterDisposeScope();

        Tensor Sums(Tensor places) =>
            fft.irfft2(fft.rfft2(places, size) * weights, size).narrow(2, 0, values.shape[2]).narrow(3, 0, values.shape[3]);
    }

    /// <returns>[rows, columns]: weight of a place by how far off it is, negative offsets from the end.</returns>
    private static Tensor Weights(int rows, int columns)
    {
        var weights = new double[rows * columns];
        for (var n = 0; n < weights.Length; n++)
        {
            double row = Math.Min(n / columns, rows - (n / columns)), column = Math.Min(n % columns, columns - (n % columns));
            var squared = (row * row) + (column * column);
            // A place's own weight counts only where it is kept, and is not looked at there: any will do.
            weights[n] = squared == 0 ? 1 : 1 / (squared * squared);
        }

        return tensor(weights, [rows, columns]);
    }
}
