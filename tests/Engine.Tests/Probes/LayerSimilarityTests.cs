using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class LayerSimilarityTests : ProbeTest
{
    [Fact]
    public void Features_are_similar_to_themselves_turned_scaled_and_shifted()
    {
        var features = Single(Random(1, 40, 6));
        var (turn, _) = linalg.qr(Single(Random(2, 6, 6)));
        Assert.Equal(1, LayerSimilarity.Of(features, features.matmul(turn) * 3 + 5), 1e-6);
    }

    /// <summary>Columns of a Hadamard matrix are orthogonal, and to the column of ones as well.</summary>
    [Fact]
    public void Orthogonal_features_are_not_similar()
    {
        var columns = Single([.. Enumerable.Range(0, 8).Select(row => Enumerable.Range(1, 4).Select(column => int.PopCount(row & column) % 2 == 0 ? 1.0 : -1).ToArray())]);
        Assert.Equal(0, LayerSimilarity.Of(columns.narrow(1, 0, 2), columns.narrow(1, 2, 2)), 1e-9);
    }

    [Fact]
    public void Features_that_do_not_vary_are_similar_to_nothing() => Assert.Equal(0, LayerSimilarity.Of(ones(5, 3), Single(Random(1, 5, 3))));

    [Fact]
    public void Matrix_is_that_of_double_precision()
    {
        double[][][] layers = [Random(1, 30, 4), Random(2, 30, 6), [.. Random(1, 30, 4).Zip(Random(3, 30, 4), (a, b) => a.Zip(b, (x, y) => x + (0.5 * y)).ToArray())]];

        var matrix = LayerSimilarity.Matrix([.. layers.Select(Single)]);

        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
            {
                double[][] x = Centred(layers[row]), y = Centred(layers[column]);
                var expected = Energy(Product(Transposed(y), x)) / Math.Sqrt(Energy(Product(Transposed(x), x)) * Energy(Product(Transposed(y), y)));
                Assert.Equal(expected, matrix[row][column], 1e-6);
            }
        }
    }
}
