using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runners;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Placement;

/// <summary>What placement has to know, as it stands in the database.</summary>
public sealed class QueueReader(ForeignAttempts foreign, IOptions<SchedulerOptions> options, TimeProvider time)
{
    private static readonly RunState[] s_active = [.. Enum.GetValues<RunState>().Where(state => state.IsActive())];

    internal async Task<List<ActiveRun>> ActiveAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = await db.RunsAndJobs.Where(run => s_active.Contains(run.State))
            .Join(db.RunAttempts, run => new { RunId = run.Id, Number = run.Attempt }, attempt => new { attempt.RunId, attempt.Number },
                (run, attempt) => new { run.Id, run.ExperimentId, run.Attempt, run.RunnerId, run.Priority, run.State, attempt.StartedAt })
            .ToListAsync(cancellationToken);

        // A start in the future: the wall clock was set back meanwhile.
        return rows.ConvertAll(run => new ActiveRun(
            run.Id, run.ExperimentId, run.Attempt, run.RunnerId, run.Priority, run.State, (now - run.StartedAt)?.Duration()));
    }

    /// <summary>Heard of within the last lease. Not in the future either: there is who fell silent before the wall clock was set back.</summary>
    internal async Task<List<OpenRunner>> RunnersAsync(MaeLabDb db, IReadOnlyCollection<ActiveRun> active, CancellationToken cancellationToken)
    {
        var held = active.Where(run => run.RunnerId is not null).CountBy(run => run.RunnerId!.Value).ToDictionary();
        var (earliest, latest) = (time.GetUtcNow() - options.Value.Lease, time.GetUtcNow() + options.Value.Lease);
        var rows = await db.Runners.AsNoTracking()
            .Where(runner => !runner.Draining && runner.LastSeenAt > earliest && runner.LastSeenAt < latest).ToListAsync(cancellationToken);
        return rows.ConvertAll(runner => new OpenRunner(
            runner.Id,
            runner.Slots - held.GetValueOrDefault(runner.Id) - foreign.Of(runner.Id),
            runner.Device.StartsWith("cuda", StringComparison.OrdinalIgnoreCase),
            DatasetCatalog.Parse(runner.Datasets).Select(dataset => dataset.Name).ToHashSet(),
            runner.GigaflopsPerSecond ?? 0));
    }

    internal async Task<List<QueuedKind>> KindsAsync(MaeLabDb db, CancellationToken cancellationToken) =>
        await Ready(db)
            .GroupBy(run => new { run.ExperimentId, run.Priority, run.Dataset, run.Device })
            .Select(group => new QueuedKind(
                group.Key.ExperimentId, group.Key.Priority, group.Key.Dataset, group.Key.Device, group.Min(run => run.Position), group.Count()))
            .ToListAsync(cancellationToken);

    internal static async Task<FairShare> SharesAsync(
        MaeLabDb db, IEnumerable<QueuedKind> kinds, IEnumerable<ActiveRun> active, CancellationToken cancellationToken)
    {
        var underWay = active.CountBy(run => run.ExperimentId).ToDictionary();
        List<Guid> ids = [.. kinds.Select(kind => kind.ExperimentId).Union(underWay.Keys)];
        var rows = await db.Experiments.Where(experiment => ids.Contains(experiment.Id))
            .Select(experiment => new { experiment.Id, experiment.Weight, experiment.Turn }).ToListAsync(cancellationToken);
        return new(rows.ToDictionary(row => row.Id, row => new ExperimentShare(row.Weight, row.Turn, underWay.GetValueOrDefault(row.Id))));
    }

    /// <summary>The first of a kind, in the order of their experiment's queue.</summary>
    internal Task<List<Guid>> FirstAsync(MaeLabDb db, QueuedKind kind, int count, CancellationToken cancellationToken) =>
        Ready(db)
            .Where(run => run.ExperimentId == kind.ExperimentId
                && run.Priority == kind.Priority && run.Dataset == kind.Dataset && run.Device == kind.Device)
            .OrderBy(run => run.Position).ThenBy(run => run.Index).Take(count).Select(run => run.Id).ToListAsync(cancellationToken);

    /// <summary>Queued and not backing off.</summary>
    private IQueryable<RunRow> Ready(MaeLabDb db)
    {
        var now = time.GetUtcNow();
        // Nothing that waits is deleted; without that question the index answers alone.
        return db.Runs.IgnoreQueryFilters().Where(run => run.State == RunState.Queued && run.NotBefore <= now);
    }
}
