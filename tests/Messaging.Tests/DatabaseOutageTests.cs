using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests;

/// <summary>Training does not wait for the database, and what it made meanwhile arrives once the database is back.</summary>
public sealed class DatabaseOutageTests(PostgresServer databases, RabbitMqServer brokers)
{
    [Fact]
    public async Task Run_that_ends_during_an_outage_is_complete_afterwards()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker);
        var trained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var engine = new FakeEngine
        {
            HoldBefore = 3,
            BeforeStep = (_, step) =>
            {
                if (step == FakeEngine.Steps)
                {
                    trained.TrySetResult();
                }
            },
        };
        await lab.StartAsync(engine);
        var experiment = await lab.SubmitAsync(Lab.Definition());
        await engine.Holding;
        await lab.WaitForRunAsync("running", experiment, run => run.State == RunState.Running);

        await Outage.BeginAsync(lab.Database);
        engine.Release();
        await trained.Task;
        await Outage.EndAsync(lab.Database);

        var completed = await lab.WaitForRunAsync("completed", experiment, run => run.State == RunState.Completed);
        Assert.Equal((1, 0, 0), (completed.Attempt, completed.Losses, completed.Failures));
        await using var db = lab.Database.Open();
        var loss = await db.MetricSummaries.AsNoTracking().SingleAsync(series => series.Name == SeriesNames.TrainLoss, TestContext.Current.CancellationToken);
        Assert.Equal((FakeEngine.Steps, FakeEngine.Steps), (loss.Count, loss.LastStep));
        Assert.True(await db.Checkpoints.AnyAsync(checkpoint => checkpoint.Complete && checkpoint.Final, TestContext.Current.CancellationToken));
    }
}
