using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;

namespace MaeLab.Scheduler.Lifecycle;

/// <summary>
/// What an event changes in the rows of a run, beyond its state: <see cref="RunTransitions"/> says where it goes, this
/// what follows. Rows in, rows changed; no I/O. Every method returns false, and changes nothing, where the event does
/// not apply.
/// </summary>
internal static class RunRules
{
    /// <summary>No run is told to wait for longer.</summary>
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    /// <summary>What failed around a run takes longer to come back than it takes to try the run again: 40 s, not 5.</summary>
    private const int TimesOfInfrastructure = 4;

    public static bool Apply(RunRow run, RunAttemptRow? attempt, RunTrigger trigger, DateTimeOffset now)
    {
        if (RunTransitions.Next(run.State, run.StopIntent, trigger) is not { } next)
        {
            return false;
        }

        (run.State, run.StopIntent) = next;
        if (attempt is not null && run.State == RunState.Stopping && trigger is RunTrigger.Cancel or RunTrigger.Pause or RunTrigger.Preempt)
        {
            attempt.StoppedBy = trigger;
        }

        if (attempt is not null && !run.State.IsActive())
        {
            attempt.EndedAt ??= now;
        }

        if (run.State is RunState.Queued or RunState.Paused)
        {
            run.RunnerId = null;
            run.EndedAt = null;
        }
        else if (run.State.IsFinal())
        {
            run.EndedAt = now;
            run.Reason = run.State == RunState.Cancelled ? ReasonCode.User : ReasonCode.None;
        }

        return true;
    }

    /// <summary>A person's wish. A retry starts the counts anew.</summary>
    public static bool Control(RunRow run, RunAttemptRow? attempt, RunTrigger trigger, string requestedBy, DateTimeOffset now)
    {
        if (!Apply(run, attempt, trigger, now))
        {
            return false;
        }

        switch (trigger)
        {
            case RunTrigger.Retry:
                (run.Reason, run.ReasonText) = (ReasonCode.None, null);
                (run.Failures, run.Losses, run.NotBefore) = (0, 0, now);
                break;
            case RunTrigger.Resume:
                run.NotBefore = now;
                break;
            case RunTrigger.Cancel:
                run.ReasonText = $"Cancelled by {requestedBy}.";
                break;
            default:
                break;
        }

        return true;
    }

    public static bool Start(RunRow run, RunAttemptRow attempt, DateTimeOffset at, long totalSteps, DateTimeOffset now)
    {
        if (!Apply(run, attempt, RunTrigger.Start, now))
        {
            return false;
        }

        attempt.StartedAt ??= at;
        run.StartedAt ??= at;
        run.TotalSteps = totalSteps;
        return true;
    }

    /// <summary>How an attempt ended, in its runner's words.</summary>
    public static bool End(RunRow run, RunAttemptRow attempt, AttemptOutcomeRow outcome, SchedulerOptions options, DateTimeOffset now)
    {
        switch (outcome.Outcome)
        {
            case AttemptOutcome.Completed:
                if (!Apply(run, attempt, RunTrigger.Complete, now))
                {
                    return false;
                }

                // Its last reports may come later than this, and are ignored then.
                (run.Step, run.TotalSteps) = (outcome.Step, outcome.Step);
                run.Epoch = run.Kind == RunKind.Training ? RecipeJson.Read(run.Recipe).Epochs : 0;
                run.StartedAt ??= attempt.AssignedAt;
                run.ReasonText = null;
                return true;

            case AttemptOutcome.Stopped:
                return Apply(run, attempt, RunTrigger.LetGo, now);

            case AttemptOutcome.Failed when outcome.Reason == ReasonCode.Infrastructure:
                if (!Apply(run, attempt, RunTrigger.LetGo, now))
                {
                    return false;
                }

                if (run.State == RunState.Queued)
                {
                    // It says nothing about the run, so it uses up none of its retries, however often it happens.
                    run.NotBefore = now + BackOff(options, TimesOfInfrastructure);
                    run.ReasonText = $"Attempt {attempt.Number} met a failure of its surroundings and is tried again: {outcome.Message}";
                }

                return true;

            case AttemptOutcome.Failed when MayHelp(outcome.Reason) && run.Failures < options.MaxRetries:
                if (!Apply(run, attempt, RunTrigger.LetGo, now))
                {
                    return false;
                }

                if (run.State != RunState.Queued)
                {
                    // A person has cancelled or paused it: nothing is tried again.
                    return true;
                }

                run.Failures++;
                run.NotBefore = now + BackOff(options, run.Failures);
                run.ReasonText = $"Attempt {attempt.Number} failed and is tried again: {outcome.Message}";
                return true;

            case AttemptOutcome.Failed:
                if (!Apply(run, attempt, RunTrigger.Fail, now))
                {
                    return false;
                }

                run.Failures++;
                run.Reason = outcome.Reason;
                run.ReasonText = outcome.Message;
                return true;

            default:
                throw new ArgumentOutOfRangeException(nameof(outcome), outcome.Outcome, "Unknown outcome of an attempt.");
        }
    }

    /// <summary>The runner is gone, or does not know of the run.</summary>
    /// <param name="progressed">The attempt left something that the next one goes on from, past what it started from itself.</param>
    public static bool Lose(RunRow run, RunAttemptRow attempt, bool progressed, string why, SchedulerOptions options, DateTimeOffset now)
    {
        var losses = progressed ? 1 : run.Losses + 1;
        if (!Apply(run, attempt, losses >= options.MaxLosses ? RunTrigger.GiveUp : RunTrigger.LetGo, now))
        {
            return false;
        }

        run.Losses = losses;
        if (run.State == RunState.Failed)
        {
            run.Reason = ReasonCode.RunnerLostTooOften;
            run.ReasonText = $"Its runner was lost {losses} times without progress; the last time: {why}";
        }
        else if (run.State == RunState.Queued)
        {
            // The first loss says nothing about the run; only repeated ones make it wait.
            run.NotBefore = losses > 1 ? now + BackOff(options, losses - 1) : now;
        }

        return true;
    }

    /// <summary>The same recipe on the same data ends the same way for these reasons.</summary>
    private static bool MayHelp(ReasonCode reason) =>
        reason is not (ReasonCode.OutOfMemory or ReasonCode.BadData or ReasonCode.Unsupported or ReasonCode.Diverged);

    private static TimeSpan BackOff(SchedulerOptions options, int times)
    {
        var wait = options.RetryBackOff * Math.Pow(2, times - 1);
        return wait < LongestBackOff ? wait : LongestBackOff;
    }
}
