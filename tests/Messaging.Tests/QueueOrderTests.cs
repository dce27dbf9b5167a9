using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>Persons change who goes first after they have submitted.</summary>
public abstract class QueueOrderTests(ITestDatabases databases)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Moved_runs_are_trained_in_the_order_given_before_the_one_named()
    {
        var engine = new FakeEngine { HoldBefore = 1 };
        await using var lab = await StartAsync(engine);
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [0, 1, 2, 3, 4]}"""));
        await engine.Holding; // the first is in the runner's hands
        var runs = await lab.RunsAsync(experiment);

        await lab.ChangeAsync(new MoveRuns(experiment, [runs[4].Id, runs[2].Id, runs[0].Id, Guid.NewGuid()], runs[3].Id, "tester"));
        Assert.Equal([1, 4, 2, 3], await WaitingAsync(lab, experiment));
        await lab.ChangeAsync(new MoveRuns(experiment, [runs[2].Id], Before: null, "tester"));
        Assert.Equal([2, 1, 4, 3], await WaitingAsync(lab, experiment));
        engine.Release();

        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal([0, 2, 1, 4, 3], (await lab.RunsAsync(experiment)).OrderBy(run => run.StartedAt).Select(run => run.Index));
    }

    [Fact]
    public async Task Moved_runs_take_the_priority_of_their_new_place_and_stand_there()
    {
        var engine = new FakeEngine { HoldBefore = 1 };
        await using var lab = await StartAsync(engine);
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [0, 1, 2, 3, 4, 5]}"""));
        await engine.Holding;
        var runs = await lab.RunsAsync(experiment);
        await lab.ChangeAsync(new PrioritizeRuns(experiment, [runs[1].Id, runs[2].Id], 7, "tester"));

        await lab.ChangeAsync(new MoveRuns(experiment, [runs[5].Id], Before: runs[2].Id, "tester"));
        Assert.Equal([(1, 7), (5, 7), (2, 7), (3, 0), (4, 0)], await StandingAsync(lab, experiment));
        await lab.ChangeAsync(new MoveRuns(experiment, [runs[2].Id, runs[1].Id], Before: null, "tester", After: runs[3].Id));
        Assert.Equal([(5, 7), (3, 0), (2, 0), (1, 0), (4, 0)], await StandingAsync(lab, experiment));
        await lab.ChangeAsync(new MoveRuns(experiment, [runs[3].Id], Before: null, "tester", After: runs[4].Id));
        Assert.Equal([(5, 7), (2, 0), (1, 0), (4, 0), (3, 0)], await StandingAsync(lab, experiment));
        await lab.ChangeAsync(new MoveRuns(experiment, [runs[4].Id, runs[1].Id], Before: null, "tester"));
        Assert.Equal([(4, 7), (1, 7), (5, 7), (2, 0), (3, 0)], await StandingAsync(lab, experiment));
    }

    [Fact]
    public async Task Priority_of_some_runs_lets_them_go_first_and_leaves_those_alone_that_are_over()
    {
        var engine = new FakeEngine { HoldBefore = 1 };
        await using var lab = await StartAsync(engine);
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [0, 1, 2]}"""));
        await engine.Holding;
        var runs = await lab.RunsAsync(experiment);
        await lab.ControlAsync(runs[1].Id, RunAction.Cancel);
        await lab.WaitForRunAsync("cancelled", experiment, run => run.State == RunState.Cancelled);

        await lab.ChangeAsync(new PrioritizeRuns(experiment, [runs[1].Id, runs[2].Id], 7, "tester"));

        Assert.Equal([0, 0, 7], (await lab.RunsAsync(experiment)).Select(run => run.Priority));
    }

    [Fact]
    public async Task Priority_and_weight_of_an_experiment_change_after_it_was_submitted()
    {
        await using var lab = await StartAsync(new FakeEngine { HoldBefore = 1 });
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [0, 1]}"""));
        await lab.WaitForRunAsync("there", experiment, _ => true);

        await lab.ChangeAsync(new ChangeExperiment(experiment, -3, 2.5, "tester"));

        await using var db = lab.Database.Open();
        var row = await db.Experiments.AsNoTracking().SingleAsync(Token);
        Assert.Equal((-3, 2.5), (row.Priority, row.Weight));
        Assert.All(await lab.RunsAsync(experiment), run => Assert.Equal(-3, run.Priority));
    }

    [Fact]
    public async Task Submission_with_the_key_of_an_earlier_one_makes_no_second_experiment()
    {
        await using var lab = await StartAsync(new FakeEngine { HoldBefore = 1 });
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await lab.PublishAsync(new SubmitExperiment(first, Lab.Definition(), "tester", "key-1"));
        Assert.Null((await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == first)).StoredAs);
        await lab.PublishAsync(new SubmitExperiment(second, Lab.Definition(), "tester", "key-1"));

        Assert.Equal(new(second, 1, first), await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == second));
        await using var db = lab.Database.Open();
        Assert.Equal("key-1", (await db.Experiments.SingleAsync(Token)).IdempotencyKey);
    }

    private static async Task<IEnumerable<int>> WaitingAsync(Lab lab, Guid experiment) =>
        (await lab.RunsAsync(experiment)).Where(run => run.State == RunState.Queued).OrderBy(run => run.Position).Select(run => run.Index);

    private static async Task<IEnumerable<(int Index, int Priority)>> StandingAsync(Lab lab, Guid experiment) =>
        (await lab.RunsAsync(experiment)).Where(run => run.State == RunState.Queued)
            .OrderByDescending(run => run.Priority).ThenBy(run => run.Position).Select(run => (run.Index, run.Priority));

    private async Task<Lab> StartAsync(FakeEngine engine)
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker: null);
        await lab.StartAsync(engine);
        return lab;
    }
}

public sealed class QueueOrderOnPostgres(PostgresServer databases) : QueueOrderTests(databases);

public sealed class QueueOrderOnSqlite(SqliteFiles databases) : QueueOrderTests(databases);
