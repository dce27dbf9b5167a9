using MaeLab.Contracts;
using MaeLab.Contracts.Facts;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;

namespace MaeLab.Messaging.Tests;

/// <summary>What a person asks for is kept until a scheduler answers, even if there has never been one.</summary>
public sealed class DurableCommandTests(PostgresServer databases, RabbitMqServer brokers)
{
    [Fact]
    public async Task Submission_waits_for_the_first_scheduler_there_ever_is()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker);
        await lab.StartClientAsync();

        var experiment = await lab.SubmitAsync(Lab.Definition());
        var queue = Assert.Single(
            await broker.ListQueuesAsync(TestContext.Current.CancellationToken), queue => queue.Name == QueueNames.SchedulerCommands);
        await lab.StartSchedulerAsync();

        Assert.Equal((true, false, "quorum"), (queue.Durable, queue.AutoDelete, queue.Type));
        await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == experiment);
    }
}
