using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Experiment.Explore;

namespace MaeLab.Web.Tests.Features;

public sealed class RunCloudTests
{
    private static readonly IReadOnlyList<Axis> s_factors = [new("maskSampler", ["\"random\"", "\"block\""]), new("maskRatio", ["0.5", "0.75"])];

    private static readonly string[] s_metrics = [SeriesNames.TrainLoss, SeriesNames.LinearAccuracy];

    private readonly SampleRuns _runs = new SampleRuns()
        .Add(0.6, 0, new() { ["maskSampler"] = "random", ["maskRatio"] = 0.5 })
        .Add(0.8, 0, new() { ["maskSampler"] = "block", ["maskRatio"] = 0.75 })
        .Add(double.NaN, 1, new() { ["maskSampler"] = "block", ["maskRatio"] = 0.75 });

    [Fact]
    public void Words_have_their_place_numbers_their_value_and_no_numbers_none()
    {
        var lines = Cloud(View(axes: "maskSampler,maskRatio,probe/linear_accuracy")).Parallel().Lines;

        Assert.Equal([[0, 0.5, 0.6], [1, 0.75, 0.8], [1, 0.75, null]], lines.Select(line => line.Values));
    }

    [Fact]
    public void Runs_outside_of_any_marked_stretch_are_faint_in_every_chart()
    {
        var cloud = Cloud(View(axes: "maskRatio,seed", x: "seed", ranges: ["maskSampler:0.5:1.5", "probe/linear_accuracy:0.7:1"]));

        Assert.Equal([true, false, true], cloud.Parallel().Lines.Select(line => line.Faint));
        Assert.Equal(0.8, Assert.Single(cloud.Scatter().Points, point => !point.Faint).Y);
        Assert.Equal([_runs.All[1]], cloud.Selected);
    }

    [Fact]
    public void Front_wants_more_of_what_is_better_high_and_less_of_the_rest()
    {
        var scatter = Cloud(View(x: "maskRatio", pareto: true)).Scatter();

        Assert.Equal([new(0.5, 0.6), new(0.75, 0.8)], scatter.Front);
        Assert.Equal("end", scatter.Step);
        Assert.Equal([new(0, 0.8)], Cloud(View(x: "seed", pareto: true)).Scatter().Front);
    }

    [Fact]
    public void Slice_of_each_factor_has_its_levels() =>
        Assert.Equal(["maskSampler", "maskRatio"], Cloud(View()).Slices(SeriesNames.LinearAccuracy, AblationDesign.Grid).Select(slice => slice.Field));

    [Fact]
    public void Address_says_all_that_is_shown()
    {
        var view = View(axes: "-maskRatio,seed", x: "seed", y: "maskRatio", pareto: true, ranges: ["maskRatio:0.5:0.6"]);
        var address = view.Address().ToDictionary(part => part.Name, part => part.Value);

        var again = View((string)address["axes"]!, (string)address["sx"]!, (string)address["sy"]!, pareto: true, (string[])address["brush"]!);

        Assert.Equivalent(view, again, strict: true);
        Assert.Equal([new("maskRatio", true), new("seed", false)], again.Axes);
        Assert.Equal([new("maskRatio", 0.5, 0.6)], again.Ranges);
    }

    [Fact]
    public void What_the_experiment_does_not_have_is_left_out_of_an_address()
    {
        var view = View(axes: "nothing,seed", x: "nothing", ranges: ["nothing:0:1", "seed:0", "seed:a:b"]);

        Assert.Equal(["maskSampler", "maskRatio", SeriesNames.LinearAccuracy, SeriesNames.TrainLoss], view.Axes.Select(axis => axis.Name));
        Assert.Equal(SeriesNames.TrainLoss, view.X);
        Assert.Empty(view.Ranges);
    }

    [Fact]
    public void What_is_marked_in_a_chart_takes_the_place_of_what_was_marked_on_its_axes()
    {
        var view = View(ranges: ["maskRatio:0.5:0.6", "seed:0:0"]).Mark(["maskRatio", "maskSampler"], [new("maskSampler", 0, 1)]);

        Assert.Equal([new("seed", 0, 0), new("maskSampler", 0, 1)], view.Ranges);
    }

    private RunCloud Cloud(ExploreView view) => new(
        s_factors, _runs.All, new Dictionary<string, IReadOnlyDictionary<Guid, double>> { [SeriesNames.LinearAccuracy] = _runs.Values }, view);

    private static ExploreView View(string? axes = null, string? x = null, string? y = null, bool pareto = false, string[]? ranges = null) =>
        ExploreView.Parse(s_factors, s_metrics, SeriesNames.LinearAccuracy, axes, x, y, null, pareto, ranges);
}
