using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Runs;
using MaeLab.Web.Access;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Run;

public enum ControlOutcome
{
    /// <summary>On its way to the scheduler.</summary>
    Sent,
    NoSuchRun,

    /// <summary>The run's state does not allow it (any more).</summary>
    NotApplicable,

    /// <summary>The broker did not take it.</summary>
    NotSent,
}

/// <summary>What a person wants of a run, sent to the scheduler.</summary>
public sealed class RunControl(CommandSender commands, IDbContextFactory<MaeLabDb> databases)
{
    public static bool IsPossible(RunState state, StopIntent intent, RunAction action) =>
        RunTransitions.Next(state, intent, TriggerOf(action)) is { } next && next != (state, intent);

    public async Task<ControlOutcome> SendAsync(Guid runId, RunAction action, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var run = await db.RunsAndJobs.Where(row => row.Id == runId).Select(row => new { row.State, row.StopIntent }).SingleOrDefaultAsync(cancellationToken);
        if (run is null)
        {
            return ControlOutcome.NoSuchRun;
        }

        if (!IsPossible(run.State, run.StopIntent, action))
        {
            return ControlOutcome.NotApplicable;
        }

        return await PublishAsync([runId], action, actor, cancellationToken) == 1 ? ControlOutcome.Sent : ControlOutcome.NotSent;
    }

    /// <summary>Cancels all runs of an experiment that are not over, and the jobs that examine any of them.</summary>
    /// <returns>How many runs were asked to end; null when the broker did not take all of it.</returns>
    public async Task<int?> CancelAllAsync(Guid experimentId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = await db.RunsAndJobs.WhereOpen()
            .Where(run => run.ExperimentId == experimentId)
            .OrderBy(run => run.Kind == RunKind.Training).ThenByDescending(run => run.Index) // those waiting go before those running, so that no slot is filled anew
            .Select(run => new { run.Id, run.Kind }).ToListAsync(cancellationToken);
        return await PublishAsync(open.ConvertAll(run => run.Id), RunAction.Cancel, actor, cancellationToken) == open.Count
            ? open.Count(run => run.Kind == RunKind.Training)
            : null;
    }

    /// <returns>For how many the broker took it, from the first on.</returns>
    internal Task<int> PublishAsync(IReadOnlyCollection<Guid> runIds, RunAction action, Actor actor, CancellationToken cancellationToken) =>
        commands.SendAllAsync(actor, [.. runIds.Select(id => new ControlRun(id, action, actor.Name))], cancellationToken);

    private static RunTrigger TriggerOf(RunAction action) => action switch
    {
        RunAction.Cancel => RunTrigger.Cancel,
        RunAction.Pause => RunTrigger.Pause,
        RunAction.Resume => RunTrigger.Resume,
        RunAction.Retry => RunTrigger.Retry,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action on a run."),
    };
}
