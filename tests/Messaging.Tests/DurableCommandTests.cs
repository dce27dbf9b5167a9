using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Hosting.Bus;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

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

    [Fact]
    public async Task Command_that_cannot_be_carried_out_is_kept_aside_and_does_not_hold_up_the_others()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker);
        await lab.StartAsync(new FakeEngine());

        await lab.ControlAsync(Guid.NewGuid(), (RunAction)99);
        var experiment = await lab.SubmitAsync(Lab.Definition());

        await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == experiment);
        await Eventually.GetAsync("error queue", async () => (await broker.ListQueuesAsync(TestContext.Current.CancellationToken))
            .SingleOrDefault(queue => queue.Name == $"{QueueNames.SchedulerCommands}_error"));
    }

    [Fact]
    public async Task Queue_that_outlives_its_process_is_on_every_node_of_a_cluster()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(TestContext.Current.CancellationToken);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker);
        await lab.StartAsync(new FakeEngine());
        await lab.ControlAsync(Guid.NewGuid(), (RunAction)99);

        var queues = await Eventually.GetAsync("error queue", async () =>
            await broker.ListQueuesAsync(TestContext.Current.CancellationToken) is var all && all.Any(queue => queue.Name.EndsWith("_error", StringComparison.Ordinal)) ? all : null);

        string[] kept = ["runner-orders-", QueueNames.SchedulerCommands, $"{QueueNames.SchedulerCommands}_error", QueueNames.SchedulerFacts];
        var durable = queues.Where(queue => queue.Durable).OrderBy(queue => queue.Name, StringComparer.Ordinal).ToList();
        Assert.Equal(kept, durable.Select(queue => queue.Name.StartsWith(kept[0], StringComparison.Ordinal) ? kept[0] : queue.Name));
        Assert.All(durable, queue => Assert.Equal("quorum", queue.Type));
    }

    [Fact]
    public async Task Service_starts_without_a_broker_and_goes_on_without_a_message_that_may_be_lost()
    {
        await using var lab = new Lab(await databases.CreateDatabaseAsync(TestContext.Current.CancellationToken), broker: null);
        lab.Settings["Bus:Transport"] = nameof(BusTransport.RabbitMq);
        lab.Settings["Bus:Uri"] = $"amqp://guest:guest@127.0.0.1:{FreePorts.Find()}/";
        var host = await lab.StartSchedulerAsync();

        var sent = await host.Services.GetRequiredService<IBus>()
            .TryPublishAsync(new ExperimentAccepted(Guid.NewGuid(), 1), NullLogger.Instance, TestContext.Current.CancellationToken);

        Assert.False(sent);
    }
}
