using MaeLab.Domain.Runs;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;

namespace MaeLab.Messaging.Tests.Scheduler;

public sealed class RunRulesTests
{
    private readonly RunAttemptRow _attempt = new() { Number = 1 };

    [Theory]
    [InlineData(RunTrigger.Cancel, RunState.Cancelled, "Cancelled by tester.")]
    [InlineData(RunTrigger.Pause, RunState.Paused, null)]
    public void Failure_of_a_run_that_a_person_stops_is_not_said_to_be_tried_again(RunTrigger wish, RunState state, string? text)
    {
        var run = Running();
        Assert.True(RunRules.Control(run, _attempt, wish, "tester", SampleRuns.Noon));

        Assert.True(RunRules.End(run, _attempt, Failed(), new(), SampleRuns.Noon));

        Assert.Equal((state, text, 0, SampleRuns.Noon), (run.State, run.ReasonText, run.Failures, run.NotBefore));
    }

    [Fact]
    public void Failure_of_our_own_is_tried_again_later()
    {
        var run = Running();

        Assert.True(RunRules.End(run, _attempt, Failed(), new(), SampleRuns.Noon));

        Assert.Equal(
            (RunState.Queued, "Attempt 1 failed and is tried again: Broken.", 1, SampleRuns.Noon.AddSeconds(5)),
            (run.State, run.ReasonText, run.Failures, run.NotBefore));
    }

    [Fact]
    public void Failure_of_the_surroundings_uses_up_no_retry_however_often_it_happens()
    {
        var run = Running();
        for (var time = 1; time <= 20; time++)
        {
            Assert.True(RunRules.End(run, _attempt, Failed(ReasonCode.Infrastructure), new(), SampleRuns.Noon));
            Assert.Equal((RunState.Queued, 0, 0, SampleRuns.Noon.AddSeconds(40)), (run.State, run.Failures, run.Losses, run.NotBefore));
            run.State = RunState.Running;
        }
    }

    [Theory]
    [InlineData(ReasonCode.OutOfMemory)]
    [InlineData(ReasonCode.BadData)]
    public void Failure_that_would_come_again_is_not_tried_again(ReasonCode reason)
    {
        var run = Running();

        Assert.True(RunRules.End(run, _attempt, Failed(reason), new(), SampleRuns.Noon));

        Assert.Equal((RunState.Failed, reason), (run.State, run.Reason));
    }

    private static RunRow Running()
    {
        var run = SampleRuns.Run(Guid.NewGuid());
        run.State = RunState.Running;
        return run;
    }

    private static AttemptOutcomeRow Failed(ReasonCode reason = ReasonCode.InternalError) =>
        new() { Attempt = 1, Outcome = AttemptOutcome.Failed, Reason = reason, Message = "Broken." };
}
