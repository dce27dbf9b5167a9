using MaeLab.Contracts.Facts;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Telemetry;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MaeLab.Messaging.Tests;

/// <summary>Runners, schedulers and messages that vanish: every run still ends, and no point is lost or doubled.</summary>
public sealed class LostRunnerTests(PostgresServer databases, RabbitMqServer brokers) : IAsyncLifetime
{
    private TestVirtualHost? _broker;

    public async ValueTask InitializeAsync() => _broker = await brokers.CreateVirtualHostAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _broker!.DisposeAsync();

    [Fact]
    public async Task Run_of_a_silent_runner_goes_on_elsewhere_and_the_old_one_writes_nothing_more()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var hung = new FakeEngine { HoldBefore = 13, Deaf = true };
        var lost = await lab.StartRunnerAsync("lost", hung);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await hung.Holding;
        await lab.Facts.WaitForAsync<CheckpointSaved>(fact => fact.Step == 10);

        // It trains on, and does not listen, but nobody hears that it lives.
        await lost.Services.GetServices<IHostedService>().OfType<RunnerReporter>().Single().StopAsync(TestContext.Current.CancellationToken);
        await lab.StartRunnerAsync("heir", new FakeEngine());

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        hung.Release();
        var slots = lost.Services.GetRequiredService<SlotBook>();
        await Eventually.GetAsync("end of the old attempt", () => Task.FromResult(slots.Held.Count == 0 ? "gone" : null));

        Assert.Equal((2, FakeEngine.Steps, 0), (completed.Attempt, completed.Step, completed.Failures));
        await using var db = lab.Database.Open();
        var attempts = await db.RunAttempts.AsNoTracking().OrderBy(attempt => attempt.Number).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([0L, 10L], attempts.Select(attempt => attempt.RestoreStep));
        Assert.NotEqual(attempts[0].RunnerId, attempts[1].RunnerId);
        var outcome = await db.AttemptOutcomes.SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, AttemptOutcome.Completed), (outcome.Attempt, outcome.Outcome));
        await AssertEveryPointOnceAsync(db, completed.Id);
    }

    [Fact]
    public async Task Runner_whose_run_was_taken_over_finds_out_although_it_has_nothing_to_write()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var silent = new FakeEngine { HoldBefore = 8 };
        var lost = await lab.StartRunnerAsync("lost", silent);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await silent.Holding;
        await lost.Services.GetServices<IHostedService>().OfType<RunnerReporter>().Single().StopAsync(TestContext.Current.CancellationToken);
        await lost.Services.GetRequiredService<IBusControl>().StopAsync(TestContext.Current.CancellationToken);
        await lab.StartRunnerAsync("heir", new FakeEngine());
        await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);

        // Nobody releases its engine, and no message reaches it.
        var slots = lost.Services.GetRequiredService<SlotBook>();
        await Eventually.GetAsync("end of the old attempt", () => Task.FromResult(slots.Held.Count == 0 ? "gone" : null));
    }

    [Fact]
    public async Task Runner_that_is_told_to_stop_hands_its_run_over_without_counting_as_lost()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var engine = new FakeEngine { HoldBefore = 8 };
        var leaving = await lab.StartRunnerAsync("leaving", engine);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await engine.Holding;

        await lab.StopAsync(leaving);
        await lab.StartRunnerAsync("heir", new FakeEngine());

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((2, 0, 0), (completed.Attempt, completed.Losses, completed.Failures));
        await using var db = lab.Database.Open();
        Assert.Equal(7, (await db.RunAttempts.SingleAsync(attempt => attempt.Number == 2, TestContext.Current.CancellationToken)).RestoreStep);
        await AssertEveryPointOnceAsync(db, completed.Id);
    }

    [Fact]
    public async Task Scheduler_that_was_away_for_longer_than_a_lease_declares_nobody_lost()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartClientAsync();
        var scheduler = await lab.StartSchedulerAsync();
        var engine = new FakeEngine { HoldBefore = 8 };
        await lab.StartRunnerAsync("patient", engine);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await engine.Holding;
        await lab.WaitForRunAsync("running", experiment, run => run.State == RunState.Running);

        await lab.StopAsync(scheduler);
        await WaitForLeaseAsync(lab, renewed: false);
        await lab.StartSchedulerAsync();
        await WaitForLeaseAsync(lab, renewed: true);
        engine.Release();

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((1, 0), (completed.Attempt, completed.Losses));
    }

    /// <param name="gone">The broker's connections end; else they stay and nothing comes through, as if it were stopped.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Broker_that_was_away_for_longer_than_a_lease_loses_nobody(bool gone)
    {
        await using var gate = new BrokerGate(_broker!.Address);
        await using var lab = await CreateLabAsync();
        (lab.Settings["Bus:Uri"], lab.Settings["Scheduler:Lease"]) = (gate.Address.ToString(), "00:00:06");
        var engine = new FakeEngine { HoldBefore = 8 };
        await lab.StartAsync(engine);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await engine.Holding;
        await lab.WaitForRunAsync("running", experiment, run => run.State == RunState.Running);

        if (gone)
        {
            gate.Cut();
        }
        else
        {
            gate.Stall();
        }

        await WaitForLeaseAsync(lab, renewed: false);
        gate.Open();
        await WaitForLeaseAsync(lab, renewed: true);
        engine.Release();

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((1, 0), (completed.Attempt, completed.Losses));
    }

    [Fact]
    public async Task Run_that_ends_while_the_scheduler_is_away_is_found_by_its_outcome()
    {
        await using var lab = await CreateLabAsync();
        lab.Settings["Scheduler:AssignmentGrace"] = "00:01:00";
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var ghost = Ghost.Of(lab);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        var run = await ghost.ReportUntilAsync("assigned run", db => db.Runs.SingleOrDefaultAsync(run => run.State == RunState.Assigned));

        // The runner stored this last; the fact about it never arrives.
        await using (var db = lab.Database.Open())
        {
            db.AttemptOutcomes.Add(new() { RunId = run.Id, Attempt = 1, Outcome = AttemptOutcome.Completed, Step = 310, EndedAt = DateTimeOffset.UtcNow });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(310, (await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed)).Step);
    }

    [Fact]
    public async Task Run_that_no_runner_keeps_is_given_up_after_five_losses()
    {
        await using var lab = await CreateLabAsync();
        lab.Settings["Scheduler:AssignmentGrace"] = "00:00:00.05";
        lab.Settings["Scheduler:RetryBackOff"] = "00:00:00.01";
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var ghost = Ghost.Of(lab);
        await lab.SubmitAsync(Lab.Definition());

        var failed = await ghost.ReportUntilAsync("run that is given up", db => db.Runs.SingleOrDefaultAsync(run => run.State == RunState.Failed));

        Assert.Equal((ReasonCode.RunnerLostTooOften, 5, 5, 0), (failed.Reason, failed.Losses, failed.Attempt, failed.Failures));
    }

    [Fact]
    public async Task Report_that_a_newer_one_has_overtaken_is_ignored()
    {
        await using var lab = await CreateLabAsync();
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var ghost = Ghost.Of(lab);
        var first = await ghost.ReportUntilAsync("first report", db => db.Runners.SingleOrDefaultAsync());

        await ghost.ReportAsync(first.LastSequence, slots: 4);
        await (ghost with { StartedAt = ghost.StartedAt.AddMinutes(-1) }).ReportAsync(slots: 5);
        await (ghost with { StartedAt = ghost.StartedAt.AddMinutes(1) }).ReportAsync(sequence: 1, slots: 6);

        await Eventually.GetAsync("report of its next life", async () =>
        {
            await using var db = lab.Database.Open();
            var row = await db.Runners.AsNoTracking().SingleAsync();
            Assert.NotInRange(row.Slots, 4, 5);
            return row.Slots == 6 ? row : null;
        });
    }

    private static Task<RunAttemptRow> WaitForLeaseAsync(Lab lab, bool renewed) => Eventually.GetAsync(renewed ? "renewed lease" : "lapsed lease", async () =>
    {
        await using var db = lab.Database.Open();
        return await db.RunAttempts.FirstOrDefaultAsync(attempt => attempt.LeaseUntil > DateTimeOffset.UtcNow == renewed);
    });

    private static async Task AssertEveryPointOnceAsync(MaeLabDb db, Guid runId)
    {
        var loss = await db.MetricSummaries.AsNoTracking()
            .SingleAsync(series => series.RunId == runId && series.Name == SeriesNames.TrainLoss, TestContext.Current.CancellationToken);
        Assert.Equal((FakeEngine.Steps, FakeEngine.Steps), (loss.Count, loss.LastStep));
    }

    private async Task<Lab> CreateLabAsync() => new(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), _broker);
}
