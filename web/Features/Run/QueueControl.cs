using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Web.Access;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Run;

/// <summary>Who goes first, as a person wants it, sent to the scheduler. What was read before the request is as good as it gets: the scheduler looks again.</summary>
public sealed class QueueControl(CommandSender commands, IDbContextFactory<MaeLabDb> databases)
{
    /// <returns>False when the broker did not take it.</returns>
    public Task<bool> ChangeAsync(Guid experimentId, int? priority, double? weight, Actor actor, CancellationToken cancellationToken) =>
        commands.SendAsync(actor, new ChangeExperiment(experimentId, priority, weight, actor.Name), cancellationToken);

    /// <param name="runIds">Of one experiment; those that are over keep their priority.</param>
    public Task<ControlOutcome> PrioritizeAsync(
        Guid experimentId, IReadOnlyList<Guid> runIds, int priority, Actor actor, CancellationToken cancellationToken) =>
        SendAsync(actor, experimentId, runIds, state => !state.IsFinal(), open => new PrioritizeRuns(experimentId, open, priority, actor.Name), cancellationToken);

    /// <param name="runIds">In the order in which they are to go; those that do not wait are left out.</param>
    /// <param name="before">Another run of the experiment, whose priority they take; null, and no <paramref name="after"/>: to the front.</param>
    public Task<ControlOutcome> MoveAsync(
        Guid experimentId, IReadOnlyList<Guid> runIds, Guid? before, Actor actor, CancellationToken cancellationToken, Guid? after = null) =>
        SendAsync(actor, experimentId, runIds, state => state == RunState.Queued, queued => new MoveRuns(experimentId, queued, before, actor.Name, after), cancellationToken);

    private async Task<ControlOutcome> SendAsync<T>(
        Actor actor, Guid experimentId, IReadOnlyList<Guid> runIds, Func<RunState, bool> applies, Func<List<Guid>, T> command, CancellationToken cancellationToken)
        where T : class
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var states = await db.RunsAndJobs.Where(run => run.ExperimentId == experimentId && runIds.Contains(run.Id))
            .ToDictionaryAsync(run => run.Id, run => run.State, cancellationToken);
        if (states.Count == 0)
        {
            return ControlOutcome.NoSuchRun;
        }

        List<Guid> applicable = [.. runIds.Where(id => states.TryGetValue(id, out var state) && applies(state)).Distinct()];
        if (applicable.Count == 0)
        {
            return ControlOutcome.NotApplicable;
        }

        return await commands.SendAsync(actor, command(applicable), cancellationToken) ? ControlOutcome.Sent : ControlOutcome.NotSent;
    }
}
