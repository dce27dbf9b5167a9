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
}
