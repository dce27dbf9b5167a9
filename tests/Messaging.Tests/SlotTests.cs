using MaeLab.Contracts.Commands;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Storage.Model;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

public sealed class SlotTests(SqliteFiles databases)
{
    private static readonly long s_memoryOfOne = RecipeCost.Of(Presets.Find(Presets.Default)!, Datasets.FashionMnistSample).PeakMemoryBytes;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runner_trains_as_many_runs_side_by_side_as_it_has_slots_and_shares_its_cores()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Cancel), broker: null);
        lab.Settings["Runner:Slots"] = "2";
        await lab.StartAsync(engine);

        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [1, 2, 3]}"""));
        await lab.WaitForRunAsync("running", experiment, run => run is { Index: 0, State: RunState.Running });
        await lab.WaitForRunAsync("running", experiment, run => run is { Index: 1, State: RunState.Running });
        Assert.Equal(RunState.Queued, (await lab.WaitForRunAsync("third", experiment, run => run.Index == 2)).State);
        engine.Release();

        await lab.WaitForAllAsync("completed", experiment, run => run is { State: RunState.Completed, Attempt: 1 });
        Assert.All(engine.Jobs, job => Assert.Equal(Math.Max(1, Environment.ProcessorCount / 2), job.Threads));
        Assert.All(engine.Jobs, job => Assert.Equal(1L << 30, job.MemoryBytes));
    }

    [Fact]
    public async Task Run_that_does_not_fit_into_memory_beside_another_waits_for_it_and_says_so()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = await StartWithMemoryForOneAsync(engine);

        var (experiment, line) = await SubmitTwoAsync(lab);
        Assert.StartsWith("Waits for memory: it needs about 0.", line.Text, StringComparison.Ordinal);
        Assert.Equal(RunState.Assigned, (await lab.RunsAsync(experiment)).Single(run => run.Id == line.RunId).State);
        Assert.Single(engine.Jobs);
        engine.Release();

        await lab.WaitForAllAsync("completed", experiment, run => run is { State: RunState.Completed, Attempt: 1 });
    }

    [Fact]
    public async Task Run_that_waits_for_memory_can_be_paused_and_cancelled()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = await StartWithMemoryForOneAsync(engine);
        var (experiment, line) = await SubmitTwoAsync(lab);
        var waiting = line.RunId;

        await lab.ControlAsync(waiting, RunAction.Pause);
        await lab.WaitForRunAsync("paused", experiment, run => run.Id == waiting && run.State == RunState.Paused);
        await lab.ControlAsync(waiting, RunAction.Cancel);
        await lab.WaitForRunAsync("cancelled", experiment, run => run.Id == waiting && run.State == RunState.Cancelled);

        engine.Release();
        await lab.WaitForRunAsync("completed", experiment, run => run.Id != waiting && run.State == RunState.Completed);
        Assert.Single(engine.Jobs);
    }

    private async Task<Lab> StartWithMemoryForOneAsync(FakeEngine engine)
    {
        var lab = new Lab(await databases.CreateDatabaseAsync(Cancel), broker: null) { MemoryBytes = s_memoryOfOne * 3 / 2 };
        lab.Settings["Runner:Slots"] = "2";
        await lab.StartAsync(engine);
        return lab;
    }

    /// <returns>With what the one that waits says.</returns>
    private static async Task<(Guid Experiment, RunLogRow Line)> SubmitTwoAsync(Lab lab)
    {
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [1, 2]}"""));
        return (experiment, await Eventually.GetAsync("line that a run waits", async () =>
        {
            await using var db = lab.Database.Open();
            return await db.RunLogs.AsNoTracking().FirstOrDefaultAsync(line => line.Text.StartsWith("Waits for memory"), Cancel);
        }));
    }
}
