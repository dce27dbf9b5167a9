using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.RunDiff;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Tests.Features;

public sealed class RunDiffTests
{
    [Theory]
    [InlineData(SeriesNames.TrainLoss, "decoder.depth", 1)]
    [InlineData(SeriesNames.LinearAccuracy, "patchSize", 0)]
    // A loss across patch sizes is the mean of something else.
    [InlineData(SeriesNames.TrainLoss, "patchSize", null)]
    public void Best_value_is_marked_where_the_metric_measures_the_same_in_all_runs(string metric, string differs, int? best)
    {
        var runs = new SampleRuns().Add(0, seed: 0, []).Add(0, seed: 1, []).All;
        var values = new DiffMetric(MetricInfo.Of(metric), [0.9, 0.4]);
        var diff = new RunDiff(runs, [new(RecipeFields.Find(differs)!, ["2", "4"]), new(RecipeFields.Find("maskRatio")!, ["0.5", "0.5"])], [values]);

        Assert.Equal(best is { } one ? [one] : [], Enumerable.Range(0, 2).Where(run => diff.IsBest(values, run)));
    }
}
