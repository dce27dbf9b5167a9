using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>What persons and failures do to a run, from command to table. Transport and database differ in RingTests; here one pair is enough.</summary>
public sealed class RunLifecycleTests(SqliteFiles databases)
{
    [Fact]
    public async Task Queued_run_is_cancelled_at_once()
    {
        var engine = new FakeEngine { HoldBefore = 1 };
        await using var lab = await StartAsync(engine);
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [1, 2]}"""));
        await engine.Holding;
        var second = await lab.WaitForRunAsync("waiting", experiment, run => run is { Index: 1, State: RunState.Queued });

        await lab.ControlAsync(second.Id, RunAction.Cancel);

        var cancelled = await lab.WaitForRunAsync("cancelled", experiment, run => run is { Index: 1, State: RunState.Cancelled });
        Assert.Equal((ReasonCode.User, "Cancelled by tester.", 0), (cancelled.Reason, cancelled.ReasonText, cancelled.Attempt));
        await lab.Facts.WaitForAsync<RunChanged>(fact => fact.RunId == second.Id && fact.State == "cancelled");
    }

    [Fact]
    public async Task Running_run_stops_when_cancelled_and_keeps_no_checkpoint_of_that_moment()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = await StartAsync(engine);
        var run = await SubmitUntilHeldAsync(lab, engine);

        await lab.ControlAsync(run.Id, RunAction.Cancel);

        var cancelled = await lab.WaitForRunAsync("cancelled", run.ExperimentId, run => run.State == RunState.Cancelled);
        Assert.Equal((ReasonCode.User, StopIntent.None), (cancelled.Reason, cancelled.StopIntent));
        Assert.Equal([5L], await CheckpointStepsAsync(lab));
    }

    [Fact]
    public async Task Paused_run_goes_on_from_where_it_stopped_when_resumed()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = await StartAsync(engine);
        var run = await SubmitUntilHeldAsync(lab, engine);

        await lab.ControlAsync(run.Id, RunAction.Pause);
        await lab.WaitForRunAsync("paused", run.ExperimentId, run => run is { State: RunState.Paused, RunnerId: null });
        engine.Release();
        await lab.ControlAsync(run.Id, RunAction.Resume);

        var completed = await lab.WaitForRunAsync("completed", run.ExperimentId, run => run.State == RunState.Completed);
        Assert.Equal((2, FakeEngine.Steps, 0), (completed.Attempt, completed.Step, completed.Losses + completed.Failures));
        await using var db = lab.Database.Open();
        var attempts = await db.RunAttempts.AsNoTracking().OrderBy(attempt => attempt.Number).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0L, 7L], attempts.Select(attempt => attempt.RestoreStep));
        Assert.All(attempts, attempt => Assert.NotNull(attempt.EndedAt));
        var loss = await db.MetricSummaries.SingleAsync(series => series.Name == SeriesNames.TrainLoss, TestContext.Current.CancellationToken);
        Assert.Equal((FakeEngine.Steps, FakeEngine.Steps), (loss.Count, loss.LastStep));
    }

    [Fact]
    public async Task Run_stopped_in_its_evaluations_is_given_their_state_when_it_goes_on_and_leaves_none()
    {
        var engine = new FakeEngine { EvaluationState = "one epoch", HoldBefore = FakeEngine.Steps + 1 };
        await using var lab = await StartAsync(engine);
        var run = await SubmitUntilHeldAsync(lab, engine);

        await lab.ControlAsync(run.Id, RunAction.Pause);
        await lab.WaitForRunAsync("paused", run.ExperimentId, run => run.State == RunState.Paused);
        Assert.Equal([15L, 20L], await CheckpointStepsAsync(lab));
        await lab.ControlAsync(run.Id, RunAction.Resume);

        var completed = await lab.WaitForRunAsync("completed", run.ExperimentId, run => run.State == RunState.Completed);
        Assert.Equal((2, FakeEngine.Steps), (completed.Attempt, completed.Step));
        await using var db = lab.Database.Open();
        Assert.All(await db.CheckpointsAndStates.ToListAsync(TestContext.Current.CancellationToken), row => Assert.Equal(CheckpointKind.Training, row.Kind));
    }

    [Fact]
    public async Task Cancelled_run_is_trained_again_when_retried()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = await StartAsync(engine);
        var run = await SubmitUntilHeldAsync(lab, engine);
        await lab.ControlAsync(run.Id, RunAction.Cancel);
        await lab.WaitForRunAsync("cancelled", run.ExperimentId, run => run.State == RunState.Cancelled);

        engine.Release();
        await lab.ControlAsync(run.Id, RunAction.Retry);

        var completed = await lab.WaitForRunAsync("completed", run.ExperimentId, run => run.State == RunState.Completed);
        Assert.Equal((ReasonCode.None, null), (completed.Reason, completed.ReasonText));
    }

    [Theory]
    [InlineData(ReasonCode.BadData)]
    [InlineData(ReasonCode.OutOfMemory)]
    [InlineData(ReasonCode.Unsupported)]
    [InlineData(ReasonCode.Diverged)]
    public async Task Failure_that_a_retry_cannot_cure_ends_the_run(ReasonCode reason)
    {
        var engine = new FakeEngine { BeforeStep = (_, step) => Fail(step == 3, reason) };
        await using var lab = await StartAsync(engine);

        var experiment = await lab.SubmitAsync(Lab.Definition());

        var failed = await lab.WaitForRunAsync("failed", experiment, run => run.State == RunState.Failed);
        Assert.Equal((reason, "So it is.", 1, 1), (failed.Reason, failed.ReasonText, failed.Attempt, failed.Failures));
        await using var db = lab.Database.Open();
        Assert.Equal("error", (await db.RunLogs.SingleAsync(line => line.Text == "So it is.", TestContext.Current.CancellationToken)).Level);
    }

    [Fact]
    public async Task Failure_of_our_own_is_tried_again_twice_and_can_heal()
    {
        var engine = new FakeEngine { BeforeStep = (attempts, step) => Fail(step == 8 && attempts < 3, ReasonCode.InternalError) };
        await using var lab = await StartAsync(engine);

        var experiment = await lab.SubmitAsync(Lab.Definition());

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((3, 2, null), (completed.Attempt, completed.Failures, completed.ReasonText));
        await using var db = lab.Database.Open();
        Assert.Equal([0L, 5L, 5L], await db.RunAttempts.OrderBy(attempt => attempt.Number).Select(attempt => attempt.RestoreStep)
            .ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(KeyNotFoundException))] // a bare one, not the word of a checkpoint that is gone
    [InlineData(typeof(FileNotFoundException))] // speaks of what is read, unlike a disk without room
    public async Task Failure_of_our_own_ends_the_run_at_the_third_time(Type kind)
    {
        var engine = new FakeEngine { BeforeStep = (_, _) => throw (Exception)Activator.CreateInstance(kind, "Broken.")! };
        await using var lab = await StartAsync(engine);

        var experiment = await lab.SubmitAsync(Lab.Definition());

        var failed = await lab.WaitForRunAsync("failed", experiment, run => run.State == RunState.Failed);
        Assert.Equal((ReasonCode.InternalError, $"{kind.Name}: Broken.", 3, 3), (failed.Reason, failed.ReasonText, failed.Attempt, failed.Failures));
    }

    [Fact]
    public async Task Failure_of_the_surroundings_uses_up_no_retry()
    {
        var engine = new FakeEngine { BeforeStep = (attempts, _) => { if (attempts < 5) { throw new IOException("No space left on device"); } } };
        await using var lab = await StartAsync(engine);

        var experiment = await lab.SubmitAsync(Lab.Definition());

        var queued = await lab.WaitForRunAsync("tried again", experiment, run => run.ReasonText is not null);
        Assert.EndsWith("IOException: No space left on device", queued.ReasonText, StringComparison.Ordinal);
        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((5, 0, 0), (completed.Attempt, completed.Failures, completed.Losses));
    }

    [Fact]
    public async Task Damaged_checkpoint_is_passed_over_for_the_one_before()
    {
        var engine = new FakeEngine { HoldBefore = 12 };
        await using var lab = await StartAsync(engine);
        var run = await SubmitUntilHeldAsync(lab, engine);
        await lab.ControlAsync(run.Id, RunAction.Pause);
        await lab.WaitForRunAsync("paused", run.ExperimentId, run => run.State == RunState.Paused);
        Assert.Equal([10L, 11L], await CheckpointStepsAsync(lab));
        await using (var db = lab.Database.Open())
        {
            var newest = await db.Checkpoints.SingleAsync(checkpoint => checkpoint.Step == 11, TestContext.Current.CancellationToken);
            await db.CheckpointChunks.Where(chunk => chunk.CheckpointId == newest.Id)
                .ExecuteUpdateAsync(chunk => chunk.SetProperty(row => row.Data, new byte[] { 1, 2 }), TestContext.Current.CancellationToken);
        }

        engine.Release();
        await lab.ControlAsync(run.Id, RunAction.Resume);

        var completed = await lab.WaitForRunAsync("completed", run.ExperimentId, run => run.State == RunState.Completed);
        Assert.Equal((3, 0), (completed.Attempt, completed.Losses + completed.Failures));
        await using var after = lab.Database.Open();
        Assert.Equal([0L, 11L, 10L], await after.RunAttempts.OrderBy(attempt => attempt.Number).Select(attempt => attempt.RestoreStep)
            .ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Facts_of_an_attempt_that_is_over_change_nothing()
    {
        await using var lab = await StartAsync(new FakeEngine());
        var experiment = await lab.SubmitAsync(Lab.Definition());
        var before = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        var runner = await lab.Facts.WaitForAsync<RunnerReported>();
        var late = DateTimeOffset.UtcNow;

        await lab.PublishAsync(new RunStarted(before.Id, experiment, 1, runner.RunnerId, late, 7));
        await lab.PublishAsync(new RunProgressed(before.Id, experiment, 1, 9999, late, 3, 7, 0.1, 5, 1));
        await lab.PublishAsync(new RunEnded(before.Id, experiment, 1, runner.RunnerId));
        await lab.PublishAsync(new RunStarted(before.Id, experiment, 0, runner.RunnerId, late, 7));
        await lab.PublishAsync(new RunStarted(Guid.NewGuid(), experiment, 1, runner.RunnerId, late, 7));
        await lab.ControlAsync(before.Id, RunAction.Pause);
        await lab.ControlAsync(before.Id, RunAction.Resume);

        // A later experiment is through: what was said before it has been heard.
        var next = await lab.SubmitAsync(Lab.Definition());
        await lab.WaitForRunAsync("completed", next, run => run.State == RunState.Completed);
        var after = await lab.WaitForRunAsync("there", experiment, _ => true);
        Assert.Equal((before.Version, before.State, before.Step, before.Loss), (after.Version, after.State, after.Step, after.Loss));
    }

    [Fact]
    public async Task Work_folder_that_cannot_be_removed_costs_no_slot()
    {
        await using var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker: null);
        await lab.StartAsync(new FakeEngine
        {
            BeforeStep = (attempts, _) =>
            {
                if (attempts == 1)
                {
                    Directory.Delete(Assert.Single(lab.WorkFolders), recursive: true);
                    throw new TrainingFailedException(ReasonCode.BadData, "So it is.");
                }
            },
        });

        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [1, 2]}"""));

        await lab.WaitForRunAsync("failed", experiment, run => run is { Index: 0, State: RunState.Failed });
        await lab.WaitForRunAsync("completed", experiment, run => run is { Index: 1, State: RunState.Completed });
    }

    private static void Fail(bool when, ReasonCode reason)
    {
        if (when)
        {
            throw reason == ReasonCode.InternalError ? new InvalidOperationException("Broken.") : new TrainingFailedException(reason, "So it is.");
        }
    }

    /// <summary>One run, in the hands of an engine that holds it.</summary>
    private static async Task<RunRow> SubmitUntilHeldAsync(Lab lab, FakeEngine engine)
    {
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await engine.Holding;
        return await lab.WaitForRunAsync("running", experiment, run => run.State == RunState.Running);
    }

    private static async Task<List<long>> CheckpointStepsAsync(Lab lab)
    {
        await using var db = lab.Database.Open();
        return await db.Checkpoints.Where(checkpoint => checkpoint.Complete).OrderBy(checkpoint => checkpoint.Step)
            .Select(checkpoint => checkpoint.Step).ToListAsync(TestContext.Current.CancellationToken);
    }

    private async Task<Lab> StartAsync(FakeEngine engine)
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker: null);
        await lab.StartAsync(engine);
        return lab;
    }
}
