using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Report;
using MaeLab.Web.Features.Theory;

namespace MaeLab.Web.Tests.Features;

public sealed class ReportTheoryTests
{
    [Fact]
    public void Newest_values_of_complete_runs_are_averaged_by_cell_under_their_question()
    {
        JsonObject half = new() { ["maskRatio"] = 0.5 }, most = new() { ["maskRatio"] = 0.75 };
        var runs = new SampleRuns().Add(0, 0, half).Add(0, 1, half).Add(0, 0, most).Add(0, 1, most, state: RunState.Running).All;

        var part = Assert.Single(ReportTheory.Of(runs,
        [
            new(runs[0].Id, SeriesNames.KernelRank, 10, 9), new(runs[0].Id, SeriesNames.KernelRank, 20, 0.25),
            new(runs[1].Id, SeriesNames.KernelRank, 20, 0.75), new(runs[1].Id, SeriesNames.EncoderBarron, 20, double.NaN),
            new(runs[3].Id, SeriesNames.KernelRank, 20, 5), new(runs[0].Id, SeriesNames.EncoderBarron, 20, 3),
        ], new Dictionary<Guid, Recipe>()));

        Assert.Equal(TheoryTopic.Kernel, part.Question.Topic);
        Assert.Equal([SeriesNames.KernelRank, SeriesNames.EncoderBarron], part.Probes.Select(probe => probe.Series));
        Assert.Equal(2, part.Cells.Count);
        var (rank, barron) = (part.Cells[0].Values[0]!, part.Cells[0].Values[1]!);
        Assert.Equal((2, 0.5), (rank.Count, rank.Mean));
        Assert.Equal((1, 3.0, null), (barron.Count, barron.Mean, barron.High));
        // The only complete run of the other cell was not examined; the one that was still trains.
        Assert.All(part.Cells[1].Values, Assert.Null);
    }

    [Fact]
    public void Nothing_measured_is_no_section() => Assert.Empty(ReportTheory.Of(new SampleRuns().Add(0, 0, []).All, [], new Dictionary<Guid, Recipe>()));

    [Fact]
    public void Lengths_of_the_whole_image_are_said_to_be_bounds()
    {
        JsonObject half = new() { ["maskRatio"] = 0.5 };
        var runs = new SampleRuns().Add(0, 0, half).Add(0, 1, half).Add(0, 2, half, state: RunState.Running).All;

        var part = Assert.Single(ReportTheory.Of(
            runs, [.. runs.Select(run => new TheoryValue(run.Id, SeriesNames.InfluenceLength, 20, run.Seed == 0 ? 12 : 28))], runs.ToDictionary(run => run.Id, _ => Presets.Find(Presets.Default)!)));

        Assert.StartsWith("1 of 2 runs reach", Assert.Single(part.Bounds).Value, StringComparison.Ordinal);
    }
}
