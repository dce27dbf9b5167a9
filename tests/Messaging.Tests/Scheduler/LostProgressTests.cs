using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Scheduler;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Storage;
using MaeLab.Storage.Checkpoints;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Messaging.Tests.Scheduler;

/// <summary>Whose runner is lost again and again is given up only where it leaves nothing to go on from.</summary>
public abstract class LostProgressTests(ITestDatabases databases) : IAsyncLifetime
{
    private Lab _lab = null!;
    private RunLifecycle _lifecycle = null!;
    private Guid _run;
    private int _attempt;

    private static int Limit => new SchedulerOptions().MaxLosses;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _lab = new Lab(await databases.CreateDatabaseAsync(Token), broker: null);
        _lab.Settings["Scheduler:Lease"] = "01:00:00"; // nobody is lost but by us
        _lifecycle = (await _lab.StartSchedulerAsync()).Services.GetRequiredService<RunLifecycle>();
        _run = await _lab.Database.AddRunAsync(Token);
        _attempt = 1;
    }

    public async ValueTask DisposeAsync() => await _lab.DisposeAsync();

    [Fact]
    public async Task Run_lost_in_its_evaluations_is_not_given_up_as_long_as_each_attempt_leaves_a_state()
    {
        var states = new EvaluationStateStore(_lab.Database.Contexts, new(_lab.Database.Contexts, TimeProvider.System));
        for (var times = 0; times <= Limit; times++)
        {
            await states.SaveAsync(Guid.CreateVersion7(), _run, _attempt, 100, times, new MemoryStream([1]), Token);
            Assert.Equal((RunState.Queued, 1), await LoseAsync());
        }

        await AssertGivenUpWithoutProgressAsync();
    }

    [Fact]
    public async Task Job_that_is_lost_is_not_given_up_as_long_as_each_attempt_leaves_the_results_of_a_probe()
    {
        await ChangeAsync(db => db.Runs.Where(row => row.Id == _run).ExecuteUpdateAsync(row => row.SetProperty(run => run.Kind, RunKind.Theory), Token));
        for (var times = 0; times <= Limit; times++)
        {
            await AddResultAsync($"theory/probe_{times}");
            Assert.Equal((RunState.Queued, 1), await LoseAsync());
        }

        await AssertGivenUpWithoutProgressAsync();
    }

    /// <summary>An evaluation on the way is made again by the next attempt: whoever kills its runner after it would do so for ever.</summary>
    [Fact]
    public async Task Run_that_leaves_the_results_of_an_evaluation_alone_is_given_up()
    {
        for (var times = 1; times < Limit; times++)
        {
            await AddResultAsync("probe/linear_accuracy");
            Assert.Equal((RunState.Queued, times), await LoseAsync());
        }

        Assert.Equal((RunState.Failed, Limit), await LoseAsync());
    }

    private async Task AssertGivenUpWithoutProgressAsync()
    {
        for (var losses = 2; losses < Limit; losses++)
        {
            Assert.Equal((RunState.Queued, losses), await LoseAsync());
        }

        Assert.Equal((RunState.Failed, Limit), await LoseAsync());
    }

    private Task AddResultAsync(string probe) => ChangeAsync(db =>
    {
        db.ProbeResults.Add(new() { Id = Guid.CreateVersion7(), RunId = _run, Attempt = _attempt, Step = 100, Probe = probe, Value = 1, Details = "{}" });
        return db.SaveChangesAsync(Token);
    });

    /// <summary>The runner of the newest attempt is lost, and if the run is not given up another takes it.</summary>
    private async Task<(RunState State, int Losses)> LoseAsync()
    {
        await ChangeAsync(db => db.RunsAndJobs.Where(row => row.Id == _run).ExecuteUpdateAsync(row => row.SetProperty(run => run.State, RunState.Running), Token));
        Assert.True(await _lifecycle.LostAsync(_run, _attempt, "a test", _ => true, Token));
        await using var db = _lab.Database.Open();
        var run = await db.RunsAndJobs.SingleAsync(row => row.Id == _run, Token);
        var found = (run.State, run.Losses);
        run.Attempt = ++_attempt;
        db.RunAttempts.Add(new() { RunId = _run, Number = _attempt, RunnerId = Guid.CreateVersion7(), AssignedAt = SampleRuns.Noon, LeaseUntil = SampleRuns.Noon, RestoreStep = 100 });
        await db.SaveChangesAsync(Token);
        return found;
    }

    private async Task ChangeAsync(Func<MaeLabDb, Task> change)
    {
        await using var db = _lab.Database.Open();
        await change(db);
    }
}

public sealed class LostProgressOnPostgres(PostgresServer databases) : LostProgressTests(databases);

public sealed class LostProgressOnSqlite(SqliteFiles databases) : LostProgressTests(databases);
