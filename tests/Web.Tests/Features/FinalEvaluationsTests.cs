using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Tests.Features;

public sealed class FinalEvaluationsTests
{
    private const long Last = 310;

    [Theory]
    [InlineData("", "linear probe and what else is measured at every evaluation")]
    [InlineData(SeriesNames.LinearAccuracy, "linear probe with LARS")]
    [InlineData($"{SeriesNames.LinearAccuracy} {SeriesNames.LarsAccuracy}", "fine-tuning")]
    [InlineData($"{SeriesNames.LinearAccuracy} {SeriesNames.LarsAccuracy} {SeriesNames.FineTuneAccuracy}", "the same from scratch, to compare with")]
    [InlineData($"{SeriesNames.LinearAccuracy} {SeriesNames.LarsAccuracy} {SeriesNames.FineTuneAccuracy} {SeriesNames.ScratchAccuracy}", "last results and checkpoint")]
    public void Run_that_has_done_its_steps_says_which_evaluation_it_makes(string done, string expected)
    {
        var run = RunOf(RunState.Running, Last);

        var earlier = Classified(SeriesNames.LinearAccuracy, Last / 2);
        Assert.Equal(expected, FinalEvaluations.Of(run, [earlier, .. done.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(probe => Classified(probe, Last))]));
        Assert.Equal("evaluating", run.ProgressWords);
    }

    [Theory]
    [InlineData(RunState.Running, Last - 1, "99 %")]
    [InlineData(RunState.Running, Last / 2, "50 %")]
    [InlineData(RunState.Completed, Last, "100 %")]
    [InlineData(RunState.Queued, 0, "0 %")]
    public void Run_that_trains_waits_or_is_over_evaluates_nothing(RunState state, long step, string progress)
    {
        var run = RunOf(state, step);

        Assert.Null(FinalEvaluations.Of(run, []));
        Assert.Equal(progress, run.ProgressWords);
    }

    private static ClassificationSummary Classified(string probe, long step) => new(probe, 1, step, 0.5, new([], 0, 0));

    private static RunDetail RunOf(RunState state, long step)
    {
        var recipe = Presets.Find("nano")!;
        return new(new RunSummary(
            Guid.NewGuid(), Guid.NewGuid(), "e", 0, 0, false, new JsonObject(), 0, 0.75, 4, "fashion-mnist-sample", state, null, null, 0, 0, 1,
            step, Last, 1, null, null, null, null, DateTimeOffset.UnixEpoch, null, null))
        {
            StopIntent = StopIntent.None,
            Preset = "nano",
            RunnerName = null,
            Tags = [],
            Archived = false,
            Note = null,
            Attempts = [],
            Recipe = recipe with { Evaluation = recipe.Evaluation with { LinearProbe = true, LarsProbe = new() { Epochs = 2 }, FineTune = new() { Epochs = 1, ScratchControl = true } } },
        };
    }
}
