using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.Experiment;

namespace MaeLab.Web.Tests.Features;

public sealed class PublishedCurvesTests
{
    private static readonly Dictionary<string, DatasetInfo> s_datasets = Datasets.Known.ToDictionary(dataset => dataset.Name);

    [Fact]
    public void Every_curve_is_over_an_axis_that_an_experiment_can_have() =>
        Assert.All(PublishedCurves.All, curve =>
        {
            var levels = string.Join(',', curve.Points.Select(point => point.Level));

            var plan = AblationPlan.Parse($$$"""{"name":"published","axes":{"{{{curve.Field}}}":[{{{levels}}}]}}""", s_datasets);

            Assert.Empty(plan.Errors);
            Assert.Equal(curve.Points.Select(point => point.Level), Assert.Single(plan.Value!.Axes).Levels);
            Assert.All(curve.Points, point => Assert.InRange(point.Value, 0.5, 0.9));
        });

    [Theory]
    [InlineData(SeriesNames.LinearAccuracy, 0.732)]
    [InlineData(SeriesNames.FineTuneAccuracy, 0.849)]
    public void Curve_covers_the_levels_of_the_experiment_and_those_between(string metric, double at70)
    {
        var line = PublishedCurves.For(Over("maskRatio", metric, "0.5", "0.75", "0.9"))!;

        Assert.Equal([0.5, 0.6, 0.7, 0.75, 0.8, 0.9], line.Points.Select(point => point.X));
        Assert.Equal(at70, line.Points[2].Y);
        Assert.Equal("Published: ViT-L/16, ImageNet-1K (He et al. 2022, Fig. 5), not your data", line.Label);
    }

    [Fact]
    public void Words_are_at_their_places_along_the_axis()
    {
        var line = PublishedCurves.For(Over("maskSampler", SeriesNames.LinearAccuracy, "\"grid\"", "\"random\""))!;

        Assert.Equal([(1, 0.735), (0, 0.66)], line.Points.Select(point => ((int)point.X, point.Y)));
    }

    [Theory]
    [InlineData("patchSize", SeriesNames.LinearAccuracy)]
    [InlineData("maskRatio", SeriesNames.KnnAccuracy)]
    [InlineData("decoder.width", SeriesNames.LinearAccuracy)]
    public void Nothing_is_shown_where_nothing_comparable_was_published(string field, string metric) =>
        Assert.Null(PublishedCurves.For(Over(field, metric, "16", "32", "64")));

    private static Matrix Over(string field, string metric, params string[] levels)
    {
        Axis[] axes = [new(field, levels)];
        return new SampleRuns().Matrix(axes, MatrixQuery.Create(axes, null, field, metric, [metric]));
    }
}
