using MaeLab.Engine.Probes;

namespace MaeLab.Engine.Tests.Probes;

public sealed class RidgeRegressionTests : ProbeTest
{
    [Fact]
    public void Fit_finds_what_is_linear_and_predicts_it_elsewhere()
    {
        double[][] weights = Random(1, 5, 3), inputs = Random(2, 60, 5), others = Random(3, 10, 5);
        var fitted = RidgeRegression.Fit(Double(inputs), Double(Linear(inputs)), ridge: 1e-9);

        Assert.All(Linear(others).SelectMany(row => row).Zip(RidgeRegression.Predict(fitted, Double(others)).Values()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        double[][] Linear(double[][] from) => [.. Product(from, weights).Select(row => row.Select((value, n) => value + n - 1).ToArray())];
    }

    /// <summary>One centred input: slope sum xy / (sum x^2 + penalty), with a penalty of half of sum x^2.</summary>
    [Fact]
    public void Ridge_shrinks_the_slope_and_not_the_mean()
    {
        var fitted = RidgeRegression.Fit(Double([[-1], [0], [1]]), Double([[1], [4], [7]]), ridge: 0.5).Values();
        Assert.Equal(3 / 1.5, fitted[0], 1e-9);
        Assert.Equal(4, fitted[1], 1e-9);
    }

    /// <summary>An input that never varies, and one that doubles another: no unique solution without the penalty.</summary>
    [Fact]
    public void Fit_holds_for_inputs_that_do_not_vary()
    {
        var fitted = RidgeRegression.Fit(Double([[1, 2, 7], [2, 4, 7], [3, 6, 7]]), Double([[1], [2], [3]]), ridge: 1e-9);
        Assert.Equal(5, RidgeRegression.Predict(fitted, Double([[5, 10, 7]])).Values()[0], 1e-6);
    }

    /// <summary>The normal equations (X'X + r tr(X'X) / d I) W = X'Y of centred inputs, by elimination.</summary>
    [Fact]
    public void Fit_is_that_of_the_normal_equations()
    {
        double[][] inputs = Random(4, 40, 6), targets = Random(5, 40, 3);
        var centred = Centred(inputs);
        var moments = Product(Transposed(centred), centred);
        var penalty = 0.3 * moments.Select((row, n) => row[n]).Sum() / 6;
        var expected = Solve([.. moments.Select((row, n) => row.Select((value, m) => n == m ? value + penalty : value).ToArray())], Product(Transposed(centred), Centred(targets)));

        var fitted = RidgeRegression.Fit(Double(inputs), Double(targets), ridge: 0.3).Values().Take(6 * 3);

        Assert.All(expected.SelectMany(row => row).Zip(fitted), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    /// <summary>Gauss and Jordan; the moments have a penalty on the diagonal, so that no pivot is 0.</summary>
    private static double[][] Solve(double[][] left, double[][] right)
    {
        double[][] rows = [.. left.Zip(right, (a, b) => a.Concat(b).ToArray())];
        for (var pivot = 0; pivot < rows.Length; pivot++)
        {
            rows[pivot] = [.. rows[pivot].Select(value => value / rows[pivot][pivot])];
            for (var other = 0; other < rows.Length; other++)
            {
                var factor = rows[other][pivot];
                rows[other] = other == pivot ? rows[other] : [.. rows[other].Zip(rows[pivot], (value, taken) => value - (factor * taken))];
            }
        }

        return [.. rows.Select(row => row[left.Length..])];
    }
}
