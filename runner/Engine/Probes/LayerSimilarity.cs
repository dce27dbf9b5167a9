using MaeLab.Engine.Model;
using static TorchSharp.torch;

namespace MaeLab.Engine.Probes;

/// <summary>
/// Q3a, why lower and higher layers differ little: linear CKA (Kornblith et al. 2019) of the tokens' features X, Y [n, D] in two layers,
/// |Y^T X|^2 / (|X^T X| |Y^T Y|), Frobenius, columns centred. 1 for equal features up to rotation and scale, 0 for uncorrelated
/// ones. In double precision.
/// </summary>
internal static class LayerSimilarity
{
    /// <param name="layers">Each [n, D], the same n rows.</param>
    /// <returns>[layers][layers], symmetric, 1 on the diagonal.</returns>
    public static double[][] Matrix(IReadOnlyList<Tensor> layers)
    {
        using var scope = NewDisposeScope();
        var centred = Centre(layers);
        var all = layers.Select(_ => new double[layers.Count]).ToArray();
        for (var row = 0; row < layers.Count; row++)
        {
            for (var column = row; column < layers.Count; column++)
            {
                all[row][column] = all[column][row] = Energy(centred[row], centred[column]);
            }
        }

        return [.. all.Select((row, r) => row.Select((energy, c) => energy.Over(Math.Sqrt(all[r][r] * all[c][c]))).ToArray())];
    }

    public static double Of(Tensor x, Tensor y) => Matrix([x, y])[0][1];

    private static List<Tensor> Centre(IEnumerable<Tensor> layers) =>
        [.. layers.Select(layer => layer.to(ScalarType.Float64)).Select(layer => layer - layer.mean([0], keepdim: true))];

    private static double Energy(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        return y.t().matmul(x).Squared().sum().Values()[0];
    }
}
