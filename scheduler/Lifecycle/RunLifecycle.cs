using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Scheduler.Placement;
using MaeLab.Scheduler.Webhooks;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Lifecycle;

/// <summary>
/// Every change of a run that is not its placement. Reads the rows, lets the rules change them, saves them under the
/// row's version (a change in between: read again) and tells whoever should know. Events that are late, repeated or of
/// an old attempt change nothing.
/// </summary>
public sealed partial class RunLifecycle(
    IDbContextFactory<MaeLabDb> databases, RunHints hints, RunnerOrders orders, TimeProvider time,
    IOptions<SchedulerOptions> options, ILogger<RunLifecycle> logger)
{
    public Task<bool> ControlAsync(Guid runId, RunAction action, string requestedBy, CancellationToken cancellationToken)
    {
        var trigger = action switch
        {
            RunAction.Cancel => RunTrigger.Cancel,
            RunAction.Pause => RunTrigger.Pause,
            RunAction.Resume => RunTrigger.Resume,
            RunAction.Retry => RunTrigger.Retry,
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
        };
        return ChangeAsync(runId, change => RunRules.Control(change.Run, change.Attempt, trigger, requestedBy, change.Now), cancellationToken);
    }

    public Task<bool> StartedAsync(RunStarted fact, CancellationToken cancellationToken) =>
        ChangeAttemptAsync(
            fact.RunId,
            fact.Attempt,
            (change, attempt) => RunRules.Start(change.Run, attempt, fact.At, fact.TotalSteps, change.Now),
            cancellationToken);

    public Task<bool> ProgressedAsync(RunProgressed fact, CancellationToken cancellationToken) =>
        ChangeAttemptAsync(
            fact.RunId,
            fact.Attempt,
            (change, attempt) =>
            {
                if (fact.Sequence <= attempt.LastSequence)
                {
                    return false;
                }

                // The fact that it started may have been lost; progress tells as much.
                change.Quiet = !RunRules.Start(change.Run, attempt, fact.At, fact.TotalSteps, change.Now);
                attempt.LastSequence = fact.Sequence;
                (change.Run.Step, change.Run.TotalSteps, change.Run.Epoch) = (fact.Step, fact.TotalSteps, fact.Epoch);
                change.Run.Loss = fact.Loss ?? change.Run.Loss;
                change.Run.ImagesPerSecond = fact.ImagesPerSecond;
                return true;
            },
            cancellationToken);

    /// <summary>Asks a run to leave its slot, with a checkpoint, to one of a higher priority. It goes back into the queue.</summary>
    public Task<bool> PreemptAsync(Guid runId, int attemptNumber, int forPriority, CancellationToken cancellationToken) =>
        ChangeAttemptAsync(
            runId,
            attemptNumber,
            (change, attempt) =>
            {
                // Looked at again: its priority may have been raised, or it may have ended.
                if (change.Run.State != RunState.Running || change.Run.Priority >= forPriority
                    || !RunRules.Apply(change.Run, attempt, RunTrigger.Preempt, change.Now))
                {
                    return false;
                }

                LogPreempted(runId, attemptNumber, change.Run.Priority, forPriority);
                return true;
            },
            cancellationToken);

    /// <summary>Applies the outcome that the runner stored for this attempt, if there is one.</summary>
    public async Task<bool> EndedAsync(Guid runId, int attemptNumber, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var outcome = await db.AttemptOutcomes.AsNoTracking()
            .SingleOrDefaultAsync(row => row.RunId == runId && row.Attempt == attemptNumber, cancellationToken);
        return outcome is not null && await ChangeAttemptAsync(
            runId,
            attemptNumber,
            (change, attempt) => RunRules.End(change.Run, attempt, outcome, options.Value, change.Now),
            cancellationToken);
    }

    /// <param name="stillLost">Asked again on the rows as they are when the change is made.</param>
    public async Task<bool> LostAsync(
        Guid runId, int attemptNumber, string why, Func<RunAttemptRow, bool> stillLost, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var progressed = await HasProgressedAsync(db, runId, attemptNumber, cancellationToken);
        return await ChangeAttemptAsync(
            runId,
            attemptNumber,
            (change, attempt) =>
            {
                if (!stillLost(attempt) || !RunRules.Lose(change.Run, attempt, progressed, why, options.Value, change.Now))
                {
                    return false;
                }

                LogLost(runId, attemptNumber, attempt.RunnerId, why, change.Run.State);
                return true;
            },
            cancellationToken);
    }

    /// <summary>
    /// Whether an attempt has left what the next one goes on from: a checkpoint, a state of the run's evaluations, or the results of a job's
    /// probe. None of them is made twice, so that whoever leaves one comes to an end some day, however often its runner is lost.
    /// </summary>
    private static async Task<bool> HasProgressedAsync(MaeLabDb db, Guid runId, int attempt, CancellationToken cancellationToken) =>
        await db.CheckpointsAndStates.AnyAsync(saved => saved.RunId == runId && saved.Attempt == attempt && saved.Complete, cancellationToken)
        || await db.Jobs().AnyAsync(
            job => job.Id == runId && db.ProbeResults.Any(result => result.RunId == runId && result.Attempt == attempt), cancellationToken);

    private Task<bool> ChangeAttemptAsync(
        Guid runId, int attemptNumber, Func<RunChange, RunAttemptRow, bool> apply, CancellationToken cancellationToken) =>
        ChangeAsync(
            runId,
            change =>
            {
                if (change.Attempt is { } attempt && attempt.Number == attemptNumber && change.Run.State.IsActive())
                {
                    return apply(change, attempt);
                }

                LogLate(runId, attemptNumber, change.Run.State, change.Run.Attempt);
                return false;
            },
            cancellationToken);

    private async Task<bool> ChangeAsync(Guid runId, Func<RunChange, bool> apply, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var run = await db.RunsAndJobs.SingleOrDefaultAsync(row => row.Id == runId, cancellationToken);
            if (run is null)
            {
                LogUnknown(runId);
                return false;
            }

            var attempt = await db.RunAttempts.SingleOrDefaultAsync(row => row.RunId == runId && row.Number == run.Attempt, cancellationToken);
            var change = new RunChange(run, attempt, time.GetUtcNow());
            var before = run.State;
            if (!apply(change))
            {
                return false;
            }

            if (run.State.IsFinal() && !before.IsFinal())
            {
                await WebhookOutbox.AddAsync(db, run, change.Now, cancellationToken);
            }

            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateConcurrencyException)
            {
                continue;
            }

            await TellAsync(change, before, cancellationToken);
            return true;
        }
    }

    private async Task TellAsync(RunChange change, RunState before, CancellationToken cancellationToken)
    {
        var run = change.Run;
        if (change.Quiet)
        {
            return;
        }

        LogChanged(run.Id, before, run.State, run.Attempt);
        await hints.ChangedAsync(run, cancellationToken);
        if (run.State == RunState.Stopping && change.Attempt is { } attempt)
        {
            await orders.StopAsync(attempt, run.StopIntent, cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId}: {Before} -> {After} (attempt {Attempt})")]
    private partial void LogChanged(Guid runId, RunState before, RunState after, int attempt);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: attempt {Attempt} on runner {RunnerId} is lost ({Why}); the run is {After} now")]
    private partial void LogLost(Guid runId, int attempt, Guid runnerId, string why, RunState after);

    [LoggerMessage(LogLevel.Information, "Run {RunId}: attempt {Attempt} of priority {Priority} makes room for a run of priority {ForPriority}")]
    private partial void LogPreempted(Guid runId, int attempt, int priority, int forPriority);

    [LoggerMessage(LogLevel.Debug, "Run {RunId}: nothing to change for attempt {Attempt}, the run is {State} with attempt {Current}")]
    private partial void LogLate(Guid runId, int attempt, RunState state, int current);

    [LoggerMessage(LogLevel.Warning, "Run {RunId} is not in the database, or was deleted; the message about it changes nothing")]
    private partial void LogUnknown(Guid runId);
}
