using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Storage;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>What waits for a lock or in a queue on the scheduler's side costs no other run or runner anything.</summary>
public sealed class SlowSchedulerTests(PostgresServer databases, RabbitMqServer brokers) : IAsyncLifetime
{
    private TestVirtualHost? _broker;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _broker = await brokers.CreateVirtualHostAsync(Token);

    public async ValueTask DisposeAsync() => await _broker!.DisposeAsync();

    [Fact]
    public async Task Runner_is_heard_while_the_report_of_another_one_is_stuck()
    {
        await using var lab = await StartAsync();
        var (stuck, other) = (Ghost.Of(lab), Ghost.Of(lab));
        await stuck.ReportUntilAsync("first runner", db => db.Runners.SingleOrDefaultAsync());
        await using var holder = OpenPatient(lab.Database);
        await using var held = await holder.Database.BeginTransactionAsync(Token);
        await holder.Runners.Where(runner => runner.Id == stuck.Id).ExecuteUpdateAsync(runner => runner.SetProperty(row => row.Cores, 7), Token);

        await stuck.ReportAsync();
        await other.ReportAsync();

        // Sooner than the commands of the stuck one are given up (30 s).
        await Eventually.GetAsync("second runner", async () =>
        {
            await using var db = lab.Database.Open();
            return await db.Runners.SingleOrDefaultAsync(runner => runner.Id == other.Id);
        }, within: TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Report_that_waited_takes_no_run_back_that_was_assigned_after_it_was_written()
    {
        await using var lab = await StartAsync(lease: "00:01:00", grace: "00:00:10");
        var ghost = Ghost.Of(lab);
        await lab.SubmitAsync(Lab.Definition());
        await ghost.ReportUntilAsync("assigned run", db => db.Runs.SingleOrDefaultAsync(run => run.State == RunState.Assigned));
        await using var db = lab.Database.Open();
        // Those reports are all through: one of them that came later would take the run back by right.
        await ghost.ReportAsync(slots: 2);
        await Eventually.GetAsync("last of the reports", () => db.Runners.AsNoTracking().SingleOrDefaultAsync(runner => runner.Slots == 2));
        var assigned = DateTimeOffset.UtcNow.AddSeconds(-20);
        await db.RunAttempts.ExecuteUpdateAsync(attempt => attempt.SetProperty(row => row.AssignedAt, assigned), Token);

        await ghost.ReportAsync(at: assigned.AddSeconds(5));
        // The next report of the same runner: the one before it is through.
        await ghost.ReportAsync(at: assigned.AddSeconds(5), slots: 3);
        await Eventually.GetAsync("later report", () => db.Runners.AsNoTracking().SingleOrDefaultAsync(runner => runner.Slots == 3));
        Assert.Equal(0, (await db.Runs.AsNoTracking().SingleAsync(Token)).Losses);

        await ghost.ReportAsync(slots: 0);
        await Eventually.GetAsync("lost attempt", () => db.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.Losses == 1));
    }

    [Fact]
    public async Task Lost_run_whose_row_is_locked_keeps_no_other_from_being_taken_back()
    {
        await using var lab = await StartAsync(more: ";Command Timeout=1");
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [1, 2]}"""));
        await Ghost.Of(lab).ReportUntilAsync(
            "pair of assigned runs",
            async db => await db.Runs.AsNoTracking().Where(run => run.State == RunState.Assigned).ToListAsync() is { Count: 2 } both ? both : null,
            slots: 2);
        await using var holder = OpenPatient(lab.Database);
        await using var held = await holder.Database.BeginTransactionAsync(Token);
        var first = await holder.RunAttempts.AsNoTracking().Select(attempt => attempt.RunId).FirstAsync(Token);
        await holder.Runs.Where(run => run.Id == first).ExecuteUpdateAsync(run => run.SetProperty(row => row.Step, 1), Token);

        await lab.WaitForRunAsync("taken back", experiment, run => run.Id != first && run.Losses > 0);
    }

    /// <summary>Its transactions may idle for longer than the server lets those of services.</summary>
    private static MaeLabDb OpenPatient(TestDatabase database) => DatabaseFactory.Create(new()
    {
        Provider = database.Options.Provider,
        ConnectionString = database.Options.ConnectionString + ";Options=-c idle_in_transaction_session_timeout=0",
    }).CreateDbContext();

    private async Task<Lab> StartAsync(string? lease = null, string? grace = null, string more = "")
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(Token), _broker);
        lab.Settings["Scheduler:Lease"] = lease ?? lab.Settings["Scheduler:Lease"];
        lab.Settings["Scheduler:AssignmentGrace"] = grace ?? "00:01:00";
        lab.Settings["Storage:ConnectionString"] = lab.Database.Options.ConnectionString + more;
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        return lab;
    }
}
