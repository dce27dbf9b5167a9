using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;

namespace MaeLab.Web.Features.NewExperiment;

/// <summary>What one cell of an experiment costs; the totals are over its seeds.</summary>
/// <param name="VisibleTokens">Tokens the encoder processes in one run.</param>
/// <param name="TrainFlops">Floating-point operations of one run.</param>
/// <param name="PeakMemoryBytes">Estimate of what one run holds at once.</param>
/// <param name="PredictedSeconds">Of one run on the fastest runner; null until a runner has measured its rate.</param>
public sealed record CellPreview(
    int Index, JsonObject Levels, bool IsBaseline, long Parameters, long TotalSteps, long VisibleTokens, double TrainFlops, long PeakMemoryBytes, double? PredictedSeconds);

/// <summary>What an experiment costs before it is submitted.</summary>
/// <param name="GigaflopsPerSecond">Measured rates of the runners that are online, added up; null where none is known.</param>
/// <param name="PredictedSeconds">Of the whole, with all runners that are online at work; null where no rate is known.</param>
public sealed record ExperimentPreview(
    IReadOnlyList<CellPreview> Cells, int SeedsPerCell, int Runs,
    long MinParameters, long MaxParameters, double VisibleTokens, double TrainFlops, long PeakMemoryBytes,
    double? GigaflopsPerSecond, double? PredictedSeconds)
{
    /// <param name="rates">Measured GFLOP/s of the runners that are online.</param>
    public static ExperimentPreview Of(AblationPlan plan, IReadOnlyDictionary<string, DatasetInfo> datasets, IReadOnlyCollection<double> rates)
    {
        var seeds = plan.Seeds.Count;
        double? fastest = rates.Count > 0 ? rates.Max() * 1e9 : null;
        double? together = rates.Count > 0 ? rates.Sum() * 1e9 : null;
        // One recipe a cell: its runs differ in the seed only, which costs nothing.
        var cells = plan.Runs.Where((_, index) => index % seeds == 0).Select(run =>
        {
            var cost = RecipeCost.Of(run.Recipe, datasets[run.Recipe.Dataset.Name]);
            return new CellPreview(
                run.Cell.Index, run.Cell.LevelsJson(), run.Cell.IsBaseline, cost.Parameters, cost.TotalSteps, cost.VisibleTokens, cost.TotalTrainFlops, cost.PeakMemoryBytes,
                fastest is { } rate ? cost.PredictTime(rate).TotalSeconds : null);
        }).ToList();
        var flops = cells.Sum(cell => cell.TrainFlops) * seeds;
        return new(
            cells, seeds, plan.Runs.Count,
            cells.Min(cell => cell.Parameters), cells.Max(cell => cell.Parameters),
            cells.Sum(cell => (double)cell.VisibleTokens) * seeds, flops, cells.Max(cell => cell.PeakMemoryBytes),
            together / 1e9, flops / together);
    }
}
