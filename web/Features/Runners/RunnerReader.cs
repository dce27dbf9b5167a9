using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runners;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Features.Runners;

/// <summary>What a runner has in hand.</summary>
public sealed record HeldRun(Guid RunId, Guid ExperimentId, string ExperimentName, int Index, RunState State, double Progress, RunKind Kind);

/// <param name="Device">What it trains on, for example cpu or cuda:0 NVIDIA A100.</param>
/// <param name="GigaflopsPerSecond">Measured training rate; null until the runner knows it.</param>
/// <param name="Online">It reported lately. A runner that did not has lost what it held, or will shortly.</param>
/// <param name="Draining">It takes nothing new.</param>
public sealed record RunnerSummary(
    Guid Id, string Name, string Device, int Slots, int Cores, long MemoryBytes, double? GigaflopsPerSecond,
    IReadOnlyList<DatasetInfo> Datasets, bool Online, bool Draining, DateTimeOffset LastSeenAt, DateTimeOffset FirstSeenAt,
    IReadOnlyList<HeldRun> Runs);

public sealed class RunnerReader(IDbContextFactory<MaeLabDb> databases, IOptions<WebOptions> options, TimeProvider time)
{
    /// <summary>Online ones first, then by name.</summary>
    public async Task<IReadOnlyList<RunnerSummary>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Runners.AsNoTracking().OrderBy(runner => runner.Name).ToListAsync(cancellationToken);
        var held = (await db.RunsAndJobs.AsNoTracking()
            .Where(run => run.RunnerId != null
                && (run.State == RunState.Assigned || run.State == RunState.Running || run.State == RunState.Stopping))
            .Join(db.Experiments, run => run.ExperimentId, experiment => experiment.Id, (run, experiment) => new
            {
                run.RunnerId,
                Run = new HeldRun(
                    run.Id, run.ExperimentId, experiment.Name, run.Index, run.State, run.TotalSteps > 0 ? (double)run.Step / run.TotalSteps : 0, run.Kind),
            })
            .ToListAsync(cancellationToken)).ToLookup(entry => entry.RunnerId, entry => entry.Run);
        return [.. rows.Select(row => new RunnerSummary(
            row.Id, row.Name, row.Device, row.Slots, row.Cores, row.MemoryBytes, row.GigaflopsPerSecond,
            DatasetCatalog.Parse(row.Datasets), IsOnline(row), row.Draining, row.LastSeenAt, row.FirstSeenAt, [.. held[row.Id]]))
            .OrderByDescending(runner => runner.Online)];
    }

    /// <returns>Measured GFLOP/s of the runners that are online and know theirs.</returns>
    public async Task<IReadOnlyCollection<double>> RatesAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Runners.AsNoTracking().Where(runner => runner.GigaflopsPerSecond > 0).ToListAsync(cancellationToken);
        return [.. rows.Where(IsOnline).Select(row => row.GigaflopsPerSecond!.Value)];
    }

    private bool IsOnline(RunnerRow row) => time.GetUtcNow() - row.LastSeenAt < options.Value.RunnerLostAfter;
}
