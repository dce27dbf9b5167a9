using MaeLab.Storage;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Experiment;

/// <summary>What training took so far, in all attempts of a run or of several.</summary>
/// <param name="Time">From the start to the end of each attempt, work that a later one did again included.</param>
/// <param name="VisibleTokens">That the encoder processed, by the series; work done again counts once.</param>
public sealed record RunCost(TimeSpan Time, double VisibleTokens)
{
    /// <summary>"1 min 54 s, 3.2 M visible tokens".</summary>
    public string Words => $"{Format.Duration(Time)}, {BudgetText.Amount(Budget.VisibleTokens, VisibleTokens)}";

    public static RunCost Sum(IEnumerable<RunCost> costs) =>
        costs.Aggregate(new RunCost(TimeSpan.Zero, 0), (sum, cost) => new(sum.Time + cost.Time, sum.VisibleTokens + cost.VisibleTokens));
}

/// <summary>Reads what the runs of an experiment cost.</summary>
public sealed class RunCostReader(IDbContextFactory<MaeLabDb> databases, MatrixReader summaries, TimeProvider time)
{
    /// <returns>By run; one that never started is missing.</returns>
    public async Task<IReadOnlyDictionary<Guid, RunCost>> ReadAsync(Guid experimentId, CancellationToken cancellationToken)
    {
        var tokens = await summaries.ValuesAsync(experimentId, new ValueChoice().BudgetSeries, MetricValue.Last, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var attempts = await db.RunAttempts
            .Where(attempt => attempt.StartedAt != null && db.Runs.Any(run => run.Id == attempt.RunId && run.ExperimentId == experimentId))
            .Select(attempt => new { attempt.RunId, attempt.StartedAt, attempt.EndedAt }).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        return attempts.GroupBy(attempt => attempt.RunId).ToDictionary(run => run.Key, run => new RunCost(
            run.Aggregate(TimeSpan.Zero, (sum, attempt) => sum + ((attempt.EndedAt ?? now) - attempt.StartedAt!.Value)),
            Format.Finite(tokens.TryGetValue(run.Key, out var processed) ? processed : null) ?? 0));
    }
}
