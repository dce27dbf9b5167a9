using MaeLab.Hosting.Background;
using MaeLab.Hosting.Startup;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Scheduler.Standby;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Placement;

/// <summary>
/// Gives queued runs to runners with free slots, and asks runs of a low priority to make room for those of a higher one.
/// All it knows it reads from the database, so it may be woken at any time by anyone, and a restart forgets nothing.
/// </summary>
public sealed class PlacementLoop(
    IDbContextFactory<MaeLabDb> databases, QueueReader queue, RunAssigner assigner, RunLifecycle lifecycle, ActiveScheduler self,
    IOptions<SchedulerOptions> options, StartupGate gate, TimeProvider time, ILogger<PlacementLoop> logger)
    : LoopService(gate, time, logger)
{
    protected override TimeSpan Every => options.Value.PlaceEvery;

    /// <summary>One look at the queue; does nothing where another scheduler is the active one.</summary>
    public async Task PlaceAsync(CancellationToken cancellationToken)
    {
        if (!self.IsActive)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var counting = await databases.CreateDbContextAsync(cancellationToken);

        // A long queue takes a while to count; what else there is to know is read meanwhile.
        var (counted, known) = (queue.KindsAsync(counting, cancellationToken), ReadRunnersAsync(db, cancellationToken));
        await Task.WhenAll(counted, known);
        var (kinds, (active, runners)) = (await counted, await known);
        if (runners.Count == 0)
        {
            return;
        }

        var shares = await QueueReader.SharesAsync(db, kinds, active, cancellationToken);
        var plan = PlacementPlan.Create(runners, kinds, shares);
        foreach (var group in plan.GroupBy(placement => placement.Kind))
        {
            await AssignAsync(db, group.Key, [.. group.Select(placement => placement.RunnerId)], cancellationToken);
        }

        foreach (var experimentId in plan.Select(placement => placement.Kind.ExperimentId).Distinct())
        {
            var turn = shares.TurnOf(experimentId);
            await db.Experiments.Where(experiment => experiment.Id == experimentId)
                .ExecuteUpdateAsync(experiment => experiment.SetProperty(row => row.Turn, turn), cancellationToken);
        }

        var placed = plan.CountBy(placement => placement.Kind).ToDictionary();
        var waiting = kinds.ConvertAll(kind => kind with { Count = kind.Count - placed.GetValueOrDefault(kind) });
        foreach (var (run, kind) in PreemptionPlan.Create(runners, waiting, active, options.Value.PreemptAfter))
        {
            await lifecycle.PreemptAsync(run.RunId, run.Attempt, kind.Priority, cancellationToken);
        }
    }

    protected override Task TurnAsync(CancellationToken cancellationToken) => PlaceAsync(cancellationToken);

    private async Task<(List<ActiveRun> Active, List<OpenRunner> Runners)> ReadRunnersAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        var active = await queue.ActiveAsync(db, cancellationToken);
        return (active, await queue.RunnersAsync(db, active, cancellationToken));
    }

    private async Task AssignAsync(MaeLabDb db, QueuedKind kind, IReadOnlyList<Guid> runnerIds, CancellationToken cancellationToken)
    {
        var runIds = await queue.FirstAsync(db, kind, runnerIds.Count, cancellationToken);
        foreach (var (runId, runnerId) in runIds.Zip(runnerIds))
        {
            await assigner.AssignAsync(runId, runnerId, cancellationToken);
        }
    }
}
