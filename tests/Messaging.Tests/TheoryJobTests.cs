using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Training;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MaeLab.Messaging.Tests;

/// <summary>A checkpoint is examined by a job, which waits, is placed, stopped, lost and tried again as runs are.</summary>
public abstract class TheoryJobTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract Task<Lab> CreateLabAsync();

    [Fact]
    public async Task Checkpoint_is_examined_once_however_often_it_is_asked_for()
    {
        await using var lab = await CreateLabAsync();
        var engine = new FakeEngine();
        await lab.StartAsync(engine);
        var checkpoint = await TrainAsync(lab);

        await lab.PublishAsync(new RequestTheory([checkpoint.Id, checkpoint.Id], "tester"));
        await lab.PublishAsync(new RequestTheory([Guid.NewGuid(), checkpoint.Id], "tester"));
        var job = await WaitForJobAsync(lab, "completed", job => job.State == RunState.Completed);
        await lab.PublishAsync(new RequestTheory([checkpoint.Id], "tester"));
        await AnotherCommandWasTakenAsync(lab);

        Assert.Equal((checkpoint.RunId, checkpoint.Id, FakeEngine.Steps), (job.SubjectRunId, job.CheckpointId, job.CheckpointStep));
        Assert.Equal((1, FakeExaminer.Probes.Length, FakeExaminer.Probes.Length, 0), (job.Attempt, job.Step, job.TotalSteps, job.Epoch));
        Assert.Equal(FakeExaminer.Probes, engine.Examiner.Made);
        await AssertEveryResultOnceAsync(lab, job);
        await using var db = lab.Database.Open();
        // The run itself is as it was, and the only one that trains.
        var run = await db.Runs.SingleAsync(Token);
        Assert.Equal((checkpoint.RunId, 1, FakeEngine.Steps), (run.Id, run.Attempt, run.Step));
    }

    [Fact]
    public async Task Job_is_paused_resumed_cancelled_and_asked_for_again()
    {
        await using var lab = await CreateLabAsync();
        var engine = new FakeEngine { Examiner = new() { HoldBefore = 1 } };
        await lab.StartAsync(engine);
        var checkpoint = await TrainAsync(lab);
        await lab.PublishAsync(new RequestTheory([checkpoint.Id], "tester"));
        await engine.Examiner.Holding;
        var id = (await WaitForJobAsync(lab, "running", job => job.State == RunState.Running)).Id;

        await lab.ControlAsync(id, RunAction.Pause);
        await WaitForJobAsync(lab, "paused", job => job.State == RunState.Paused);
        await lab.ControlAsync(id, RunAction.Cancel);
        var cancelled = await WaitForJobAsync(lab, "cancelled", job => job.State == RunState.Cancelled);
        Assert.Equal("Cancelled by tester.", cancelled.ReasonText);

        await lab.PublishAsync(new RequestTheory([checkpoint.Id], "tester"));
        var job = await WaitForJobAsync(lab, "completed", job => job.State == RunState.Completed);
        Assert.Equal((id, 2), (job.Id, job.Attempt));
        Assert.Equal(FakeExaminer.Probes, engine.Examiner.Made);
        await AssertEveryResultOnceAsync(lab, job);
    }

    [Fact]
    public async Task Job_whose_checkpoint_is_gone_fails_at_once_and_says_what_to_do()
    {
        await using var lab = await CreateLabAsync();
        var engine = new FakeEngine { Examiner = new() { HoldBefore = 1 } };
        await lab.StartAsync(engine);
        var checkpoint = await TrainAsync(lab);
        await lab.PublishAsync(new RequestTheory([checkpoint.Id], "tester"));
        await engine.Examiner.Holding;
        var id = (await WaitForJobAsync(lab, "running", job => job.State == RunState.Running)).Id;
        await lab.ControlAsync(id, RunAction.Pause);
        await WaitForJobAsync(lab, "paused", job => job.State == RunState.Paused);
        await using var db = lab.Database.Open();
        await db.Checkpoints.Where(row => row.Id == checkpoint.Id).ExecuteDeleteAsync(Token);

        await lab.ControlAsync(id, RunAction.Resume);

        var job = await WaitForJobAsync(lab, "failed", job => job.State == RunState.Failed);
        Assert.Equal((2, ReasonCode.BadData), (job.Attempt, job.Reason));
        Assert.Contains("The checkpoint of step 20 is gone or damaged: examine another checkpoint of the run.", job.ReasonText, StringComparison.Ordinal);
        Assert.Single(engine.Examiner.Jobs);
    }

    [Fact]
    public async Task Job_that_fails_for_a_reason_of_its_own_is_not_tried_again()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartAsync(new() { Examiner = new() { Begin = () => throw new TrainingFailedException(ReasonCode.BadData, "No held-out images.") } });
        var checkpoint = await TrainAsync(lab);

        await lab.PublishAsync(new RequestTheory([checkpoint.Id], "tester"));

        var job = await WaitForJobAsync(lab, "failed", job => job.State == RunState.Failed);
        Assert.Equal((1, ReasonCode.BadData, "No held-out images."), (job.Attempt, job.Reason, job.ReasonText));
    }

    [Fact]
    public async Task Jobs_go_with_their_run()
    {
        await using var lab = await CreateLabAsync();
        (lab.Settings["Scheduler:KeepDeleted"], lab.Settings["Scheduler:RemoveEvery"]) = ("00:00:00", "00:00:00.1");
        var engine = new FakeEngine { Examiner = new() { HoldBefore = 1 } };
        await lab.StartAsync(engine);
        var checkpoint = await TrainAsync(lab);
        await lab.PublishAsync(new RequestTheory([checkpoint.Id], "tester"));
        await engine.Examiner.Holding;

        await lab.PublishAsync(new DeleteRuns([checkpoint.RunId], "tester"));

        await Eventually.GetAsync("removal", async () =>
        {
            await using var db = lab.Database.Open();
            return await db.Runs.IgnoreQueryFilters().AnyAsync(Token) ? null : "removed";
        });
        await using var left = lab.Database.Open();
        Assert.Equal(0, await left.ProbeResults.CountAsync(Token));
    }

    private protected static async Task<CheckpointRow> TrainAsync(Lab lab)
    {
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
        await using var db = lab.Database.Open();
        return await db.Checkpoints.AsNoTracking().SingleAsync(row => row.Final && row.Complete, Token);
    }

    private protected static Task<RunRow> WaitForJobAsync(Lab lab, string what, Func<RunRow, bool> which) => Eventually.GetAsync($"job that is {what}", async () =>
    {
        await using var db = lab.Database.Open();
        return (await db.RunsAndJobs.AsNoTracking().Where(run => run.Kind == RunKind.Theory).ToListAsync(Token)).SingleOrDefault(which);
    });

    private protected static Task<string> WaitForResultsAsync(Lab lab, int count) => Eventually.GetAsync($"{count} results", async () =>
    {
        await using var db = lab.Database.Open();
        return await db.ProbeResults.CountAsync(Token) == count ? "stored" : null;
    });

    /// <summary>Commands are taken in their order.</summary>
    private static async Task AnotherCommandWasTakenAsync(Lab lab)
    {
        var later = await lab.SubmitAsync("not json");
        await lab.Facts.WaitForAsync<Contracts.Facts.ExperimentRejected>(fact => fact.ExperimentId == later);
    }

    private protected static async Task AssertEveryResultOnceAsync(Lab lab, RunRow job)
    {
        await using var db = lab.Database.Open();
        var results = await db.ProbeResults.AsNoTracking().Where(result => result.RunId == job.Id).ToListAsync(Token);
        Assert.Equal(FakeExaminer.Probes.Order(), results.Select(result => result.Probe).Order());
        Assert.All(results, result => Assert.Equal((FakeEngine.Steps, FakeEngine.Steps), (result.Step, result.Value)));
        var reader = new MetricReader(lab.Database.Contexts);
        Assert.All(FakeExaminer.Probes, probe =>
            Assert.Equal([new(probe, FakeEngine.Steps, FakeEngine.Steps)], reader.ReadPointsAsync(job.Id, probe, afterStep: 0, limit: 10, Token).GetAwaiter().GetResult()));
        Assert.All(await db.MetricSummaries.Where(summary => summary.RunId == job.Id).ToListAsync(Token), summary => Assert.Equal(1, summary.Count));
    }
}

public sealed class TheoryJobsOnRabbitMqTests(PostgresServer databases, RabbitMqServer brokers) : TheoryJobTests, IAsyncLifetime
{
    private TestVirtualHost? _broker;

    public async ValueTask InitializeAsync() => _broker = await brokers.CreateVirtualHostAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _broker!.DisposeAsync();

    [Fact]
    public async Task Job_of_a_silent_runner_goes_on_elsewhere_with_the_probes_that_are_left()
    {
        await using var lab = await CreateLabAsync();
        var engine = new FakeEngine { Examiner = new() { HoldBefore = 2 } };
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var lost = await lab.StartRunnerAsync("lost", engine);
        var checkpoint = await TrainAsync(lab);
        await lab.PublishAsync(new RequestTheory([checkpoint.Id], "tester"));
        await engine.Examiner.Holding;
        await WaitForResultsAsync(lab, 2);

        await lost.Services.GetServices<IHostedService>().OfType<RunnerReporter>().Single().StopAsync(TestContext.Current.CancellationToken);
        var heir = new FakeEngine();
        await lab.StartRunnerAsync("heir", heir);

        var job = await WaitForJobAsync(lab, "completed", job => job.State == RunState.Completed);
        Assert.Equal((2, 0), (job.Attempt, job.Failures));
        Assert.Equal(FakeExaminer.Probes[..2].ToHashSet(), Assert.Single(heir.Examiner.Jobs).Known);
        Assert.Equal(FakeExaminer.Probes[2..], heir.Examiner.Made);
        await AssertEveryResultOnceAsync(lab, job);
    }

    private protected override async Task<Lab> CreateLabAsync() =>
        new(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), _broker);
}

public sealed class TheoryJobsInOneProcessTests(SqliteFiles databases) : TheoryJobTests
{
    private protected override async Task<Lab> CreateLabAsync() =>
        new(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker: null);
}
