using CsCheck;
using MaeLab.Domain.Runs;

namespace MaeLab.Domain.Tests.Runs;

public sealed class RunTransitionsTests
{
    private static readonly Gen<RunTrigger[]> s_story = Gen.Enum<RunTrigger>().Array[0, 40];

    [Fact]
    public void Undisturbed_run_goes_from_queue_to_completion() =>
        Assert.Equal(RunState.Completed, Play([RunTrigger.Assign, RunTrigger.Start, RunTrigger.Complete]).State);

    [Theory]
    [InlineData(RunTrigger.Cancel, RunState.Cancelled)]
    [InlineData(RunTrigger.Pause, RunState.Paused)]
    [InlineData(RunTrigger.Preempt, RunState.Queued)]
    public void Stopped_run_becomes_what_the_stop_was_for(RunTrigger stop, RunState then)
    {
        Assert.Equal(RunState.Stopping, Play([RunTrigger.Assign, RunTrigger.Start, stop]).State);
        Assert.Equal(then, Play([RunTrigger.Assign, RunTrigger.Start, stop, RunTrigger.LetGo]).State);
    }

    [Fact]
    public void Lost_runner_puts_the_run_back_into_the_queue_until_the_last_time()
    {
        Assert.Equal(RunState.Queued, Play([RunTrigger.Assign, RunTrigger.Start, RunTrigger.LetGo]).State);
        Assert.Equal(RunState.Failed, Play([RunTrigger.Assign, RunTrigger.Start, RunTrigger.GiveUp]).State);
    }

    [Fact]
    public void Cancel_overrules_a_pause_under_way_but_not_the_other_way_round()
    {
        Assert.Equal(RunState.Cancelled, Play([RunTrigger.Assign, RunTrigger.Pause, RunTrigger.Cancel, RunTrigger.LetGo]).State);
        Assert.Equal(RunState.Cancelled, Play([RunTrigger.Assign, RunTrigger.Cancel, RunTrigger.Pause, RunTrigger.LetGo]).State);
        Assert.Equal(RunState.Cancelled, Play([RunTrigger.Assign, RunTrigger.Cancel, RunTrigger.Preempt, RunTrigger.Resume, RunTrigger.LetGo]).State);
    }

    [Fact]
    public void Pause_outlives_a_preemption_and_can_be_taken_back()
    {
        Assert.Equal(RunState.Paused, Play([RunTrigger.Assign, RunTrigger.Preempt, RunTrigger.Pause, RunTrigger.LetGo]).State);
        Assert.Equal(RunState.Paused, Play([RunTrigger.Assign, RunTrigger.Pause, RunTrigger.Preempt, RunTrigger.LetGo]).State);
        Assert.Equal(RunState.Queued, Play([RunTrigger.Assign, RunTrigger.Pause, RunTrigger.Resume, RunTrigger.LetGo]).State);
    }

    [Fact]
    public void Only_a_stopping_run_has_an_intent() =>
        s_story.Sample(story => States(story).All(step => step.State == RunState.Stopping == (step.Intent != StopIntent.None)));

    [Fact]
    public void Final_state_is_left_by_a_retry_alone() =>
        s_story.Sample(story =>
        {
            var before = RunState.Queued;
            foreach (var (trigger, (after, _)) in story.Zip(States(story)))
            {
                if (before.IsFinal() && after != before && trigger != RunTrigger.Retry)
                {
                    return false;
                }

                before = after;
            }

            return true;
        });

    [Fact]
    public void Completed_is_never_left() =>
        s_story.Sample(story => States(story).Select(step => step.State).SkipWhile(state => state != RunState.Completed).All(state => state == RunState.Completed));

    [Fact]
    public void Cancel_and_letting_go_end_any_run() =>
        s_story.Sample(story => Play([.. story, RunTrigger.Cancel, RunTrigger.LetGo]).State.IsFinal());

    [Fact]
    public void Cancelled_run_stays_so_whatever_comes_but_a_retry() =>
        s_story.Sample(story => Play([.. story, RunTrigger.Cancel, RunTrigger.LetGo, .. story.Where(trigger => trigger != RunTrigger.Retry)]).State.IsFinal());

    [Fact]
    public void Runner_out_of_the_picture_leaves_no_active_run() =>
        s_story.Sample(story =>
            !Play([.. story, RunTrigger.LetGo]).State.IsActive() && !Play([.. story, RunTrigger.GiveUp]).State.IsActive());

    [Fact]
    public void Only_assignment_brings_a_run_into_a_runners_hands() =>
        s_story.Sample(story =>
        {
            var before = RunState.Queued;
            foreach (var (trigger, (after, _)) in story.Zip(States(story)))
            {
                if (!before.IsActive() && after.IsActive() && (trigger, before) != (RunTrigger.Assign, RunState.Queued))
                {
                    return false;
                }

                before = after;
            }

            return true;
        });

    [Fact]
    public void Repeated_trigger_changes_nothing_more() =>
        s_story.Select(Gen.Enum<RunTrigger>()).Sample((story, trigger) => Play([.. story, trigger]) == Play([.. story, trigger, trigger]));

    [Fact]
    public void Every_state_can_be_reached_and_every_trigger_does_something()
    {
        var states = Enum.GetValues<RunState>();
        var moves = from state in states
                    from intent in Enum.GetValues<StopIntent>()
                    from trigger in Enum.GetValues<RunTrigger>()
                    let next = RunTransitions.Next(state, intent, trigger)
                    where next is not null
                    select (trigger, next.Value.State);

        Assert.Equal(states, moves.Select(move => move.State).Distinct().Order());
        Assert.Equal(Enum.GetValues<RunTrigger>(), moves.Select(move => move.trigger).Distinct().Order());
    }

    private static (RunState State, StopIntent Intent) Play(IEnumerable<RunTrigger> story) =>
        States(story).LastOrDefault((RunState.Queued, StopIntent.None));

    /// <summary>State and intent after each trigger; one that does not apply changes nothing.</summary>
    private static IEnumerable<(RunState State, StopIntent Intent)> States(IEnumerable<RunTrigger> story)
    {
        var current = (State: RunState.Queued, Intent: StopIntent.None);
        foreach (var trigger in story)
        {
            current = RunTransitions.Next(current.State, current.Intent, trigger) ?? current;
            yield return current;
        }
    }
}
