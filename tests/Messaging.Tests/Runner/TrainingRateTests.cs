using MaeLab.Domain.Recipes;
using MaeLab.Runner;
using MaeLab.Runner.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

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
            Rate(identity).Learn(s_recipe, s_cost.TotalSteps / 2, TimeSpan.FromSeconds(10));
        }

        using var next = folder.Open();

        Assert.Equal(s_cost.TotalTrainFlops / 2 / 10 / 1e9, Rate(next).GigaflopsPerSecond!.Value, tolerance: 1e-9);
    }

    [Fact]
    public void Calibration_counts_only_while_nothing_better_is_known()
    {
        using var folder = new RunnerFolder();
        using var identity = folder.Open();
        var rate = Rate(identity);

        rate.LearnFromCalibration(s_recipe, s_cost.TotalSteps, TimeSpan.FromSeconds(1));
        var calibrated = rate.GigaflopsPerSecond;
        rate.LearnFromCalibration(s_recipe, s_cost.TotalSteps, TimeSpan.FromSeconds(2));

        Assert.Equal(s_cost.TotalTrainFlops / 1e9, calibrated!.Value, tolerance: 1e-9);
        Assert.Equal(calibrated, rate.GigaflopsPerSecond);
    }

    [Fact]
    public void Rate_that_cannot_be_kept_counts_in_this_life()
    {
        using var folder = new RunnerFolder();
        using var identity = folder.Open();
        Directory.CreateDirectory(Path.Combine(identity.Folder, "gigaflops"));
        var rate = Rate(identity);

        rate.Learn(s_recipe, s_cost.TotalSteps, TimeSpan.FromSeconds(10));

        Assert.NotNull(rate.GigaflopsPerSecond);
    }

    [Fact]
    public void Stretch_too_short_or_without_a_step_teaches_nothing()
    {
        using var folder = new RunnerFolder();
        using var identity = folder.Open();
        var rate = Rate(identity);

        rate.Learn(s_recipe, 10, TimeSpan.FromSeconds(1));
        rate.Learn(s_recipe, 0, TimeSpan.FromSeconds(100));

        Assert.Null(rate.GigaflopsPerSecond);
    }

    private static TrainingRate Rate(RunnerIdentity identity) => new(identity, s_offered, NullLogger<TrainingRate>.Instance);
}
