using MaeLab.Domain.Runs;
using MaeLab.Hosting.Background;
using MaeLab.Hosting.Startup;
using MaeLab.Storage;
using MaeLab.Storage.Runners;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Placement;

/// <summary>
/// Gives queued runs to runners with free slots. All it knows it reads from the database, so it may be woken at any time
/// by anyone, and a restart forgets nothing.
/// </summary>
public sealed class PlacementLoop(
    IDbContextFactory<MaeLabDb> databases, RunAssigner assigner, IOptions<SchedulerOptions> options,
    StartupGate gate, TimeProvider time, ILogger<PlacementLoop> logger)
    : LoopService(gate, time, logger)
{
    private static readonly RunState[] s_active = [.. Enum.GetValues<RunState>().Where(state => state.IsActive())];

    protected override TimeSpan Every => options.Value.PlaceEvery;

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var active = await db.Runs.Where(run => s_active.Contains(run.State))
            .Select(run => new { run.ExperimentId, run.RunnerId }).ToListAsync(cancellationToken);
        var held = active.Where(run => run.RunnerId is not null).CountBy(run => run.RunnerId!.Value).ToDictionary();
        var runners = await FreeRunnersAsync(db, held, cancellationToken);
        if (runners.Count == 0)
        {
            return;
        }

        var kinds = await QueuedKindsAsync(db, cancellationToken);
        var plan = PlacementPlan.Create(runners, kinds, active.CountBy(run => run.ExperimentId).ToDictionary());
        foreach (var group in plan.GroupBy(placement => placement.Kind))
        {
            await PlaceAsync(db, group.Key, [.. group.Select(placement => placement.RunnerId)], cancellationToken);
        }
    }

    private async Task<List<FreeRunner>> FreeRunnersAsync(MaeLabDb db, Dictionary<Guid, int> held, CancellationToken cancellationToken)
    {
        var alive = Time.GetUtcNow() - options.Value.Lease;
        var rows = await db.Runners.AsNoTracking().Where(runner => !runner.Draining && runner.LastSeenAt > alive).ToListAsync(cancellationToken);
        return [.. rows
            .Select(runner => new FreeRunner(
                runner.Id,
                runner.Slots - held.GetValueOrDefault(runner.Id),
                runner.Device.StartsWith("cuda", StringComparison.OrdinalIgnoreCase),
                DatasetCatalog.Parse(runner.Datasets).Select(dataset => dataset.Name).ToHashSet(),
                runner.GigaflopsPerSecond ?? 0))
            .Where(runner => runner.Free > 0)];
    }

    private async Task<List<QueuedKind>> QueuedKindsAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        return await db.Runs.Where(run => run.State == RunState.Queued && run.NotBefore <= now)
            .GroupBy(run => new { run.ExperimentId, run.Priority, run.Dataset, run.Device })
            .Select(group => new QueuedKind(
                group.Key.ExperimentId, group.Key.Priority, group.Key.Dataset, group.Key.Device, group.Min(run => run.Index), group.Count()))
            .ToListAsync(cancellationToken);
    }

    private async Task PlaceAsync(MaeLabDb db, QueuedKind kind, IReadOnlyList<Guid> runnerIds, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var runIds = await db.Runs
            .Where(run => run.ExperimentId == kind.ExperimentId && run.State == RunState.Queued && run.NotBefore <= now
                && run.Priority == kind.Priority && run.Dataset == kind.Dataset && run.Device == kind.Device)
            .OrderBy(run => run.Index).Take(runnerIds.Count).Select(run => run.Id).ToListAsync(cancellationToken);
        foreach (var (runId, runnerId) in runIds.Zip(runnerIds))
        {
            await assigner.AssignAsync(runId, runnerId, cancellationToken);
        }
    }
}
