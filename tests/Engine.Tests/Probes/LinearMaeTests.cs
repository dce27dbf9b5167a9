using MaeLab.Engine.Probes;
using static TorchSharp.torch;

namespace MaeLab.Engine.Tests.Probes;

public sealed class LinearMaeTests : ProbeTest
{
    private const int Patches = 4;
    private const int Values = 12;

    [Theory]
    [InlineData(0, 3)]
    [InlineData(0.75, 4)]
    public void Solution_without_masks_or_without_correlation_copies(double ratio, int seed)
    {
        var second = ratio == 0 ? Double(Second(seed)) : eye(Values, dtype: ScalarType.Float64) * 3;
        Assert.All(LinearMae.Solve(second, ratio, Patches).Values().Zip(Identity(Values).SelectMany(row => row)), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    /// <summary>E over Bernoulli masks of |X - (R o X) W|^2 by summing over all 2^4 masks: any step away from W makes it larger.</summary>
    [Theory]
    [InlineData(0.25)]
    [InlineData(0.75)]
    public void Solution_is_the_best_over_all_masks(double ratio)
    {
        var images = Random(5, 30, Values);
        var second = Product(Transposed(images), images);
        var solution = LinearMae.Solve(Double(second), ratio, Patches).Values().Chunk(Values).ToArray();
        var least = Expected(solution);

        for (var direction = 0; direction < 20; direction++)
        {
            var step = Random(100 + direction, Values, Values);
            Assert.True(Expected([.. solution.Zip(step, (row, change) => row.Zip(change, (a, b) => a + (1e-3 * b)).ToArray())]) > least);
        }

        double Expected(double[][] weights) => Enumerable.Range(0, 1 << Patches).Sum(mask =>
        {
            var removed = int.PopCount(mask);
            double[][] seen = [.. images.Select(image => image.Select((value, n) => (mask >> (n / 3) & 1) == 0 ? value : 0).ToArray())];
            var error = images.Zip(Product(seen, weights), (image, guess) => image.Zip(guess, (a, b) => (a - b) * (a - b)).Sum()).Sum();
            return Math.Pow(ratio, removed) * Math.Pow(1 - ratio, Patches - removed) * error;
        });
    }

    [Fact]
    public void Influence_is_what_a_patch_adds_to_the_prediction_of_another()
    {
        var images = Random(6, 40, Values);
        var second = Product(Transposed(images), images);
        var solution = Random(7, Values, Values);

        var influence = LinearMae.Influence(Double(second), Double(solution), Patches).Values();

        for (var pair = 0; pair < Patches * Patches; pair++)
        {
            var (from, to) = (pair / Patches * 3, pair % Patches * 3);
            var added = Product([.. images.Select(image => image[from..(from + 3)])], [.. solution[from..(from + 3)].Select(row => row[to..(to + 3)])]);
            Assert.Equal(Energy(added), influence[pair], 1e-9 * Energy(added));
        }
    }

    private static double[][] Second(int seed)
    {
        var images = Random(seed, 30, Values);
        return Product(Transposed(images), images);
    }
}
