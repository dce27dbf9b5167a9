using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Scheduler.Placement;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Messaging.Tests;

/// <summary>A runner that still trains what was taken from it has no room, whatever the database says.</summary>
public sealed class ForeignAttemptTests(PostgresServer databases, RabbitMqServer brokers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slots_spent_on_attempts_that_were_taken_back_get_no_run_until_they_are_free()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(Token);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker);
        await lab.StartClientAsync();
        var foreign = (await lab.StartSchedulerAsync()).Services.GetRequiredService<ForeignAttempts>();
        var ghost = Ghost.Of(lab);
        HeldAttempt[] held = [new(Guid.CreateVersion7(), 1), new(Guid.CreateVersion7(), 3)];
        await ReportUntilAsync(2, held);

        // Free slots of the ghost would be preferred: it has two.
        var heir = new FakeEngine { HoldBefore = 3 };
        await lab.StartRunnerAsync("heir", heir);
        await ghost.ReportAsync(slots: 2, held: held);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await heir.Holding;
        await ReportUntilAsync(0, []);
        heir.Release();

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((1, 0), (completed.Attempt, completed.Losses));

        Task ReportUntilAsync(int count, HeldAttempt[] attempts) => Eventually.GetAsync($"{count} foreign attempts", async () =>
        {
            await ghost.ReportAsync(slots: 2, held: attempts);
            return foreign.Of(ghost.Id) == count ? "known" : null;
        });
    }
}
