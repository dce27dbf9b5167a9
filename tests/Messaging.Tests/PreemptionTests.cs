using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>A run makes room for one of a higher priority, and goes on later from where it was.</summary>
public sealed class PreemptionTests(SqliteFiles databases)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_of_higher_priority_gets_the_slot_and_the_other_goes_on_from_its_checkpoint()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = await StartAsync(engine, preemptAfter: "00:00:00");
        var low = await lab.SubmitAsync(Lab.Definition("low"));
        await engine.Holding;
        await lab.WaitForRunAsync("running", low, run => run.State == RunState.Running);

        var high = await lab.SubmitAsync(Lab.Definition("high", priority: 1));
        await lab.WaitForRunAsync("running", high, run => run.State == RunState.Running);
        Assert.Equal(RunState.Queued, (await lab.WaitForRunAsync("there", low, _ => true)).State);
        engine.Release();

        await lab.WaitForRunAsync("completed", high, run => run is { State: RunState.Completed, Attempt: 1 });
        var resumed = await lab.WaitForRunAsync("completed", low, run => run.State == RunState.Completed);
        Assert.Equal((2, 0, 0), (resumed.Attempt, resumed.Failures, resumed.Losses));
        await using var db = lab.Database.Open();
        var attempts = await db.RunAttempts.AsNoTracking().Where(attempt => attempt.RunId == resumed.Id)
            .OrderBy(attempt => attempt.Number).ToListAsync(Token);
        Assert.Equal([(0L, RunTrigger.Preempt), (7L, null)], attempts.Select(attempt => (attempt.RestoreStep, attempt.StoppedBy)));
    }

    [Theory]
    [InlineData("00:00:00", 0)]
    [InlineData("01:00:00", 1)]
    public async Task Run_keeps_its_slot_from_its_equals_and_while_it_has_hardly_begun(string preemptAfter, int priority)
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = await StartAsync(engine, preemptAfter);
        var first = await lab.SubmitAsync(Lab.Definition("first"));
        await engine.Holding;
        await lab.WaitForRunAsync("running", first, run => run.State == RunState.Running);

        var second = await lab.SubmitAsync(Lab.Definition("second", priority: priority));
        await lab.WaitForRunAsync("waiting", second, run => run.State == RunState.Queued);
        // Placement has looked at both: what was said later is done.
        await lab.PublishAsync(new ChangeExperiment(second, null, 2, "tester"));
        await lab.Facts.WaitForAsync<Contracts.Facts.ExperimentChanged>();
        engine.Release();

        await lab.WaitForRunAsync("completed", first, run => run is { State: RunState.Completed, Attempt: 1 });
        await lab.WaitForRunAsync("completed", second, run => run.State == RunState.Completed);
    }

    private async Task<Lab> StartAsync(FakeEngine engine, string preemptAfter)
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker: null);
        lab.Settings["Scheduler:PreemptAfter"] = preemptAfter;
        await lab.StartAsync(engine);
        return lab;
    }
}
