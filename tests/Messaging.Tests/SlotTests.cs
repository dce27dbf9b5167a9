using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing.Databases;

namespace MaeLab.Messaging.Tests;

public sealed class SlotTests(SqliteFiles databases)
{
    [Fact]
    public async Task Runner_trains_as_many_runs_side_by_side_as_it_has_slots_and_shares_its_cores()
    {
        var engine = new FakeEngine { HoldBefore = 8 };
        await using var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker: null);
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
}
