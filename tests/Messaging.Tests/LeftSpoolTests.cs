using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Spooling;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>A runner dies while the database is away: what it had made is stored by the next process on its folder.</summary>
public sealed class LeftSpoolTests(PostgresServer databases, RabbitMqServer brokers) : IAsyncLifetime
{
    private TestVirtualHost? _broker;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await brokers.CreateVirtualHostAsync(Token);

    public async ValueTask DisposeAsync() => await _broker!.DisposeAsync();

    [Fact]
    public async Task Run_that_ended_in_an_outage_its_runner_did_not_outlive_is_complete_after_the_next_start()
    {
        await using var lab = await StartLabAsync();
        var engine = new FakeEngine { HoldBefore = 3 };
        var folder = lab.CreateFolder();
        var first = await lab.StartRunnerAsync("first", engine, folder);
        var experiment = await SubmitUntilHeldAsync(lab, engine);
        await Outage.BeginAsync(lab.Database);
        engine.Release();
        await SpooledAsync<OutcomeItem>(folder);

        await lab.AbandonAsync(first);
        await Outage.EndAsync(lab.Database);
        await lab.StartRunnerAsync("second", new FakeEngine(), folder);

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((1, 0, 0, FakeEngine.Steps), (completed.Attempt, completed.Losses, completed.Failures, completed.Step));
        await using var db = lab.Database.Open();
        await AssertEveryPointOnceAsync(db, completed.Id);
        var ledger = await db.PointLedgers.SingleAsync(Token);
        Assert.Equal((FakeEngine.Steps, FakeEngine.Steps, 0), (ledger.Produced, ledger.Stored, ledger.Dropped));
        Assert.Equal(FakeEngine.Steps, (await db.Checkpoints.SingleAsync(checkpoint => checkpoint.Complete && checkpoint.Final, Token)).Step);
        Assert.Equal(1, await db.RunLogs.CountAsync(line => line.Text == "All steps done.", Token));
        await GoneAsync(folder);
    }

    [Fact]
    public async Task Runner_killed_in_an_outage_costs_its_run_what_came_after_the_newest_checkpoint_on_its_disk()
    {
        await using var lab = await StartLabAsync();
        using var away = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new FakeEngine
        {
            HoldBefore = 13,
            BeforeStep = (_, step) =>
            {
                if (step == 3)
                {
                    begun.SetResult();
                    away.Wait(Token);
                }
            },
        };
        var folder = lab.CreateFolder();
        var killed = await lab.StartRunnerAsync("killed", engine, folder);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await begun.Task;
        await lab.WaitForRunAsync("running", experiment, run => run.State == RunState.Running);
        await Outage.BeginAsync(lab.Database);
        away.Set();
        await engine.Holding;
        await SpooledAsync<PointsItem>(folder, item => item.Points.Any(point => point.Step == 12));

        // What a killed process leaves is what is on its disk at that moment.
        var left = CopyTo(lab.CreateFolder(), folder);
        await lab.AbandonAsync(killed);
        await Outage.EndAsync(lab.Database);
        await lab.StartRunnerAsync("next life", new FakeEngine(), left);

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((2, 0, FakeEngine.Steps), (completed.Attempt, completed.Failures, completed.Step));
        await using var db = lab.Database.Open();
        Assert.Equal(10, (await db.RunAttempts.SingleAsync(attempt => attempt.Number == 2, Token)).RestoreStep);
        await AssertEveryPointOnceAsync(db, completed.Id);
        var ledgers = await db.PointLedgers.OrderBy(ledger => ledger.Attempt).ToListAsync(Token);
        Assert.Equal([(12, 12), (10, 10)], ledgers.Select(ledger => (ledger.Produced, ledger.Stored)));
        await GoneAsync(left);
    }

    [Fact]
    public async Task What_an_attempt_left_that_does_not_own_its_run_any_more_is_removed()
    {
        await using var lab = await StartLabAsync();
        var folder = lab.CreateFolder();
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await lab.StartRunnerAsync("owner", new FakeEngine());
        var run = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        var order = new AttemptOrder(run.Id, experiment, Attempt: 0, Guid.Empty, RecipeJson.Read(run.Recipe), 0, null);
        using (var spool = Spool.Create(Directory.CreateDirectory(Path.Combine(folder, "work", "old")).FullName, order, long.MaxValue))
        {
            Assert.Null(spool.TryAppend(new PointsItem([new("train/loss", 99, 1)], 1, 0)));
        }

        Directory.CreateDirectory(Path.Combine(folder, "work", "no attempt"));
        await lab.StartRunnerAsync("finder", new FakeEngine(), folder);

        await GoneAsync(folder);
        await using var db = lab.Database.Open();
        await AssertEveryPointOnceAsync(db, run.Id);
    }

    private static async Task<Guid> SubmitUntilHeldAsync(Lab lab, FakeEngine engine)
    {
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await engine.Holding;
        await lab.WaitForRunAsync("running", experiment, run => run.State == RunState.Running);
        return experiment;
    }

    private static async Task SpooledAsync<T>(string folder, Func<T, bool>? which = null)
        where T : ShipItem =>
        await Eventually.GetAsync($"{typeof(T).Name} on disk", () =>
        {
            using var spool = Spool.Find(Assert.Single(Directory.GetDirectories(Path.Combine(folder, "work"))))!;
            while (spool.Read() is { } item)
            {
                if (item is T wanted && which?.Invoke(wanted) is null or true)
                {
                    return Task.FromResult<ShipItem?>(item);
                }
            }

            return Task.FromResult<ShipItem?>(null);
        });

    private static string CopyTo(string target, string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "runner.lock"))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }

    private static Task<string> GoneAsync(string folder) => Eventually.GetAsync(
        "empty work folder", () => Task.FromResult(Directory.GetDirectories(Path.Combine(folder, "work")).Length == 0 ? "empty" : null));

    private static async Task AssertEveryPointOnceAsync(MaeLabDb db, Guid runId)
    {
        var loss = await db.MetricSummaries.AsNoTracking().SingleAsync(series => series.RunId == runId && series.Name == SeriesNames.TrainLoss, Token);
        Assert.Equal((FakeEngine.Steps, FakeEngine.Steps), (loss.Count, loss.LastStep));
    }

    private async Task<Lab> StartLabAsync()
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(Token), _broker);
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        return lab;
    }
}
