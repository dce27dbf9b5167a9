using System.Text;
using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Hosting.Bus;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace MaeLab.Messaging.Tests;

/// <summary>Commands that no try could carry out are shown, and can be tried again or given up.</summary>
public sealed class FailedMessageTests(PostgresServer databases, RabbitMqServer brokers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submission_that_failed_is_shown_and_accepted_when_tried_again()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(Token);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker);
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var failed = Open(broker);
        Assert.Equal(FailedCommands.None, await failed.ListAsync(Token));

        await using var db = lab.Database.Open();
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE experiments RENAME TO mislaid", Token);
        var experiment = await lab.SubmitAsync(Lab.Definition("lost and found"));
        var message = Assert.Single(await WaitAsync(failed, count: 1));
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE mislaid RENAME TO experiments", Token);

        Assert.Equal((nameof(SubmitExperiment), "SubmitExperimentConsumer"), (message.Type, message.Consumer));
        Assert.StartsWith("PostgresException: 42P01", message.Error, StringComparison.Ordinal);
        Assert.Contains(experiment.ToString(), message.Body, StringComparison.Ordinal);
        Assert.NotNull(message.FailedAt);

        // Looking at it as often as one likes does it no harm.
        for (var look = 0; look < 30; look++)
        {
            Assert.Equal([message], (await failed.ListAsync(Token))!.Shown);
        }

        Assert.True(await failed.RequeueAsync(message.Id, Token));
        await lab.Facts.WaitForAsync<ExperimentAccepted>(fact => fact.ExperimentId == experiment);
        Assert.Empty((await failed.ListAsync(Token))!.Shown);
        Assert.False(await failed.RequeueAsync(message.Id, Token));
    }

    [Fact]
    public async Task One_of_several_failed_messages_is_discarded_and_the_others_stay()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(Token);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker);
        await lab.StartClientAsync();
        await lab.StartSchedulerAsync();
        var failed = Open(broker);
        for (var unknown = 97; unknown < 100; unknown++)
        {
            await lab.ControlAsync(Guid.NewGuid(), (RunAction)unknown);
        }

        var messages = await WaitAsync(failed, count: 3);
        Assert.True(await failed.DiscardAsync(messages[1].Id, Token));

        Assert.Equal([messages[0], messages[2]], (await failed.ListAsync(Token))!.Shown);
    }

    [Fact]
    public async Task More_than_are_shown_are_counted()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(Token);
        await using (var connection = await new ConnectionFactory { Uri = new UriBuilder(broker.Address) { Scheme = "amqp" }.Uri }.CreateConnectionAsync(Token))
        await using (var channel = await connection.CreateChannelAsync(new(true, true), Token))
        {
            var queue = QueueNames.SchedulerCommands + "_error";
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Token);
            for (var i = 0; i <= FailedMessages.MostShown; i++)
            {
                await channel.BasicPublishAsync("", queue, Encoding.UTF8.GetBytes($"number {i}"), Token);
            }
        }

        var failed = (await Open(broker).ListAsync(Token))!;

        Assert.Equal((FailedMessages.MostShown + 1, FailedMessages.MostShown), ((int)failed.Count, failed.Shown.Count));
    }

    [Fact]
    public async Task Broker_that_does_not_answer_is_told_from_nothing_failed()
    {
        var away = Open(new Uri($"amqp://guest:guest@127.0.0.1:{Testing.Nodes.FreePorts.Find()}/"));

        Assert.Null(await away.ListAsync(Token));
        Assert.Null(await away.RequeueAsync("any", Token));
    }

    private static FailedMessages Open(TestVirtualHost broker) => Open(broker.Address);

    private static FailedMessages Open(Uri address) =>
        new(Options.Create(new BusOptions { Uri = address.ToString() }), QueueNames.SchedulerCommands, NullLogger<FailedMessages>.Instance);

    private static Task<IReadOnlyList<FailedMessage>> WaitAsync(FailedMessages failed, int count) => Eventually.GetAsync(
        "failed message", async () => await failed.ListAsync(Token) is { } all && all.Count == count ? all.Shown : null);
}
