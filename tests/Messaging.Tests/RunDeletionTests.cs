using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>Runs are hidden when they are deleted, come back when they are restored, and are gone for good after their term.</summary>
public abstract class RunDeletionTests(ITestDatabases databases)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_that_are_over_are_hidden_and_had_back_with_all_they_had()
    {
        await using var lab = await StartAsync(new FakeEngine());
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [0, 1]}"""));
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
        var runs = await lab.RunsAsync(experiment);
        var series = await SeriesAsync(lab, runs[0].Id);
        Assert.NotEqual(0, series);

        await lab.ChangeAsync(new DeleteRuns([runs[0].Id, Guid.NewGuid()], "tester"));
        Assert.Equal([runs[1].Id], (await lab.RunsAsync(experiment)).Select(run => run.Id));
        // A hidden run hears nothing.
        await lab.ControlAsync(runs[0].Id, RunAction.Retry);
        await lab.ChangeAsync(new RestoreRuns([runs[0].Id, runs[1].Id], "tester"));

        var back = await lab.RunsAsync(experiment);
        Assert.Equal(runs.Select(run => run.Id), back.Select(run => run.Id));
        Assert.All(back, run => Assert.Equal(RunState.Completed, run.State));
        Assert.Equal(series, await SeriesAsync(lab, runs[0].Id));
    }

    [Fact]
    public async Task Runs_that_are_not_over_are_not_deleted()
    {
        var engine = new FakeEngine { HoldBefore = 1 };
        await using var lab = await StartAsync(engine);
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [0, 1, 2]}"""));
        await engine.Holding; // the first is in the runner's hands, the others wait
        var runs = await lab.RunsAsync(experiment);
        await lab.ControlAsync(runs[2].Id, RunAction.Cancel);
        await lab.WaitForRunAsync("cancelled", experiment, run => run.State == RunState.Cancelled);

        await lab.ChangeAsync(new DeleteRuns([.. runs.Select(run => run.Id)], "tester"));

        Assert.Equal([0, 1], (await lab.RunsAsync(experiment)).Select(run => run.Index));
        engine.Release();
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
    }

    [Fact]
    public async Task Deleted_runs_are_removed_with_all_that_hangs_on_them_when_their_term_is_over()
    {
        await using var lab = await StartAsync(new FakeEngine(), ("Scheduler:KeepDeleted", "00:00:00"), ("Scheduler:RemoveEvery", "00:00:00.1"));
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [0, 1]}"""));
        await lab.WaitForAllAsync("completed", experiment, run => run.State == RunState.Completed);
        var runs = await lab.RunsAsync(experiment);

        await lab.PublishAsync(new DeleteRuns([runs[0].Id], "tester"));

        await Eventually.GetAsync("removal", async () =>
        {
            await using var db = lab.Database.Open();
            return await db.Runs.IgnoreQueryFilters().AnyAsync(run => run.Id == runs[0].Id, Token) ? null : "removed";
        });
        Assert.Equal(0, await SeriesAsync(lab, runs[0].Id));
        await using var left = lab.Database.Open();
        Assert.Equal(0, await left.RunAttempts.CountAsync(attempt => attempt.RunId == runs[0].Id, Token));
        Assert.Equal([runs[1].Id], (await lab.RunsAsync(experiment)).Select(run => run.Id));
        Assert.NotEqual(0, await SeriesAsync(lab, runs[1].Id));
    }

    private static async Task<int> SeriesAsync(Lab lab, Guid run)
    {
        await using var db = lab.Database.Open();
        return await db.Series.CountAsync(series => series.RunId == run, Token);
    }

    private async Task<Lab> StartAsync(FakeEngine engine, params (string Key, string Value)[] settings)
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker: null);
        foreach (var (key, value) in settings)
        {
            lab.Settings[key] = value;
        }

        await lab.StartAsync(engine);
        return lab;
    }
}

public sealed class RunDeletionOnPostgres(PostgresServer databases) : RunDeletionTests(databases);

public sealed class RunDeletionOnSqlite(SqliteFiles databases) : RunDeletionTests(databases);
