using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Features.Theory;
using MaeLab.Web.Presentation;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Features;

public sealed class TheoryFiguresTests
{
    [Theory]
    [MemberData(nameof(Topics))]
    public void Every_figure_has_a_panel_where_all_probes_were_run_and_none_where_none_was(TheoryTopic topic)
    {
        Assert.All(TheoryFigures.Of(topic, [Side(0, 0.75, full: true), Side(1, 0.9, full: true)]), figure =>
        {
            Assert.NotEmpty(figure.Panels);
            Assert.All(figure.Panels, panel => Assert.DoesNotContain("NaN", panel.Words, StringComparison.Ordinal));
        });
        Assert.All(TheoryFigures.Of(topic, [new(RunOf(0.75), 0, new Dictionary<string, TheoryResult>(), new Dictionary<int, ImageSummary>())]), figure => Assert.Empty(figure.Panels));
    }

    [Fact]
    public void Figures_of_longer_probes_are_empty_after_an_evaluation_alone()
    {
        var figures = TheoryFigures.Of(TheoryTopic.Kernel, [Side(0, 0.75, full: false)]);

        Assert.Equal([false, false, true], figures.Select(figure => figure.Panels.Count == 0));
    }

    [Fact]
    public void Charts_beside_each_other_have_the_same_values_along_their_axes()
    {
        var spectra = TheoryFigures.Of(TheoryTopic.Kernel, [Side(0, 0.75, full: false), Side(1, 0.9, full: false)])[0].Panels.Cast<LinesPanel>().ToList();

        Assert.Equal(2, spectra.Count);
        Assert.Single(spectra.Select(panel => (panel.Model.Y.Min, panel.Model.Y.Max)).Distinct());
        Assert.Equal((1e-5, 10), (spectra[0].Model.Y.Min, spectra[0].Model.Y.Max));
        Assert.All(spectra, panel => Assert.All(panel.Model.Series, line => Assert.Equal(49, line.Points.Count)));
    }

    [Fact]
    public void Plain_numbers_of_a_figure_are_one_table()
    {
        FactsPanel Table(string label, params string[] columns) => new(label, columns, [new(label, [1])]);
        var lines = new LinesPanel("", "", new(new(""), new(""), []));

        Assert.Equal(["one two"], FigurePanels.Gather([Table("one", "a"), lines, Table("two", "a")]).OfType<FactsPanel>().Select(table => string.Join(' ', table.Rows.Select(row => row.Label))));
        Assert.Equal(3, FigurePanels.Gather([Table("one", "a"), lines, Table("two", "a", "b")]).Count);
    }

    [Theory]
    [InlineData(0.07, 0.00708, "0.0071")]
    [InlineData(0.0119, 8.78e-4, "0.0009")]
    [InlineData(1, 1e-5, "1.00e-5")]
    [InlineData(254.3, 1.26, "1.3")]
    public void Spread_has_the_decimals_of_its_mean(double mean, double spread, string expected) =>
        Assert.Equal(expected, MetricInfo.Of("theory/q1_kernel_rank").ShowSpread(spread, mean));

    [Fact]
    public void Similarity_has_one_scale_for_both_sides()
    {
        var maps = TheoryFigures.Of(TheoryTopic.Layers, [Side(0, 0.25, full: false), Side(1, 0.9, full: false)])[0].Panels.Cast<HeatPanel>().ToList();

        var least = maps.SelectMany(map => map.Model.Cells).MinBy(cell => cell.Value)!;
        Assert.Equal("#440154", least.Fill);
        Assert.All(maps, map => Assert.All(map.Model.Cells.Where(cell => cell.Row == cell.Column), cell => Assert.Equal(("#fde725", "1.00"), (cell.Fill, cell.Text))));
        Assert.Single(maps, map => map.Model.Cells.Any(cell => cell.Fill == least.Fill));
    }

    [Fact]
    public void Attention_is_coloured_by_how_often_it_is_uniform_attention_and_influence_by_the_most_of_its_map()
    {
        var figures = TheoryFigures.Of(TheoryTopic.Interpolation, [Side(0, 0.75, full: true)]);
        var attention = ((MapsPanel)figures[0].Panels[0]).Maps[0];
        Assert.All(attention.Values.Zip(attention.Shares), patch => Assert.Equal(Math.Clamp(Math.Log2(patch.First!.Value) / 3, 0, 1), patch.Second, 12));
        Assert.Equal(49, attention.Values.Sum()!.Value, 0.1);

        var influence = ((MapsPanel)figures[2].Panels[0]).Maps[0];
        Assert.Equal((12, 1.0), (influence.Values.Count(value => value is not null), influence.Shares.Max()));
    }

    [Fact]
    public void Maps_say_where_the_patch_lies_and_what_is_strongest()
    {
        var map = new PatchMap(null, Image: 2, Grid: 3, Patch: 5, Seen: [0, 1], Values: [0.1, 0.6, 0, null, 0, 0.3, 0, 0, 0], Shares: [0, 1, 0, 0, 0, 0, 0, 0, 0], " times uniform");

        Assert.Equal("Image 2, removed patch in row 2, column 3; strongest: row 1, column 2 (0.6 times uniform); row 2, column 3 (0.3 times uniform, removed); row 1, column 1 (0.1 times uniform)", map.Words());
        Assert.StartsWith("left:66.66666666666667%;top:33.3", map.Frame(), StringComparison.Ordinal);
        Assert.NotNull(map.UnseenUri());
        Assert.Null((map with { Seen = null }).UnseenUri());
    }

    public static TheoryData<TheoryTopic> Topics => [.. Enum.GetValues<TheoryTopic>()];

    private static RunSummary RunOf(double maskRatio) => new SampleRuns().Add(0, seed: 0, new() { ["maskRatio"] = maskRatio }).All[0];

    private static TheorySide Side(int place, double maskRatio, bool full)
    {
        var run = RunOf(maskRatio);
        var recipe = Presets.Find(Presets.Default)! with { MaskRatio = maskRatio, PatchSize = 4 };
        IEnumerable<ProbeResultRow> rows = [.. SampleTheory.Cheap(run.Id, recipe, 310, 1), .. full ? SampleFullTheory.Results(run.Id, recipe, 310) : []];
        return new(run, place, rows.ToDictionary(row => row.Probe, row => new TheoryResult(run.Id, row.Probe, row.Step, row.Value, row.Details)), new Dictionary<int, ImageSummary>());
    }
}
