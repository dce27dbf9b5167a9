using MaeLab.Domain.Recipes;
using MaeLab.Runner;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Messaging.Tests.Runner;

public sealed class TrainingRateTests
{
    private static readonly OfferedDatasets s_offered = new([Datasets.FashionMnistSample]);

    private static readonly Recipe s_recipe = Presets.Find(Presets.Default)!;

    private static readonly RecipeCost s_cost = RecipeCost.Of(s_recipe, Datasets.FashionMnistSample);

    [Fact]
    public void Rate_is_operations_over_time_and_outlives_the_process()
    {
        using var folder = new RunnerFolder();
        using (var identity = folder.Open())
        {
            new TrainingRate(identity, s_offered).Learn(s_recipe, s_cost.TotalSteps / 2, TimeSpan.FromSeconds(10));
        }

        using var next = folder.Open();

        Assert.Equal(s_cost.TotalTrainFlops / 2 / 10 / 1e9, new TrainingRate(next, s_offered).GigaflopsPerSecond!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Calibration_counts_only_while_nothing_better_is_known()
    {
        using var folder = new RunnerFolder();
        using var identity = folder.Open();
        var rate = new TrainingRate(identity, s_offered);

        rate.LearnFromCalibration(s_recipe, s_cost.TotalSteps, TimeSpan.FromSeconds(1));
        var calibrated = rate.GigaflopsPerSecond;
        rate.LearnFromCalibration(s_recipe, s_cost.TotalSteps, TimeSpan.FromSeconds(2));

        Assert.Equal(s_cost.TotalTrainFlops / 1e9, calibrated!.Value, tolerance: 1e-9);
        Assert.Equal(calibrated, rate.GigaflopsPerSecond);
    }

    [Fact]
    public void Stretch_too_short_or_without_a_step_teaches_nothing()
    {
        using var folder = new RunnerFolder();
        using var identity = folder.Open();
        var rate = new TrainingRate(identity, s_offered);

        rate.Learn(s_recipe, 10, TimeSpan.FromSeconds(1));
        rate.Learn(s_recipe, 0, TimeSpan.FromSeconds(100));

        Assert.Null(rate.GigaflopsPerSecond);
    }
}
