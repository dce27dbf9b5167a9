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

        return await PublishAsync(runId, action, actor, cancellationToken) ? ControlOutcome.Sent : ControlOutcome.NotSent;
    }

    /// <summary>Cancels all runs of an experiment that are not over.</summary>
    /// <returns>How many were asked to end; null when the broker did not take all of it.</returns>
    public async Task<int?> CancelAllAsync(Guid experimentId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var open = await db.Runs.WhereOpen()
            .Where(run => run.ExperimentId == experimentId)
            .OrderByDescending(run => run.Index) // those waiting go before those running, so that no slot is filled anew
            .Select(run => run.Id).ToListAsync(cancellationToken);
        foreach (var runId in open)
        {
            if (!await PublishAsync(runId, RunAction.Cancel, actor, cancellationToken))
            {
                return null;
            }
        }

        return open.Count;
    }

    /// <returns>False when the broker did not take it.</returns>
    internal Task<bool> PublishAsync(Guid runId, RunAction action, Actor actor, CancellationToken cancellationToken) =>
        commands.SendAsync(actor, new ControlRun(runId, action, actor.Name), cancellationToken);

    private static RunTrigger TriggerOf(RunAction action) => action switch
    {
        RunAction.Cancel => RunTrigger.Cancel,
        RunAction.Pause => RunTrigger.Pause,
        RunAction.Resume => RunTrigger.Resume,
        RunAction.Retry => RunTrigger.Retry,
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action on a run."),
    };
}
