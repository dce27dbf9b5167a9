using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace MaeLab.Hosting.Bus;

/// <summary>
/// The commands of a queue that could not be carried out: MassTransit keeps them in <c>QUEUE_error</c>, and those that no
/// consumer knows in <c>QUEUE_skipped</c>. Looks at them by taking all and giving all back on a connection of its own, since the broker's
/// management API may be off. Null as an answer: the broker did not give one. The in-memory transport keeps none.
/// </summary>
public sealed partial class FailedMessages(IOptions<BusOptions> options, string queue, ILogger<FailedMessages> logger)
{
    /// <summary>Of each of the two queues more are not looked at at once; whoever has as many has another problem first.</summary>
    public const int MostShown = 200;

    private static readonly string[] s_suffixes = ["_error", "_skipped"];

    private FailedCommands _seen = FailedCommands.None;

    /// <summary>
    /// Oldest first. Only looked at where their number has changed: RabbitMQ 4 drops what was taken from a quorum queue and given back
    /// twenty times.
    /// </summary>
    public Task<FailedCommands?> ListAsync(CancellationToken cancellationToken) => OnBrokerAsync(
        async connection =>
        {
            var count = await CountAsync(connection, cancellationToken);
            if (count != _seen.Count)
            {
                _seen = new(count, await ReadAsync(connection, cancellationToken));
            }

            return _seen;
        },
        FailedCommands.None);

    public Task<uint?> CountAsync(CancellationToken cancellationToken) =>
        OnBrokerAsync<uint?>(async connection => await CountAsync(connection, cancellationToken), 0);

    private async Task<uint> CountAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var count = 0u;
        foreach (var suffix in s_suffixes)
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
            count += await CountAsync(channel, queue + suffix, cancellationToken) ?? 0;
        }

        return count;
    }

    private async Task<IReadOnlyList<FailedMessage>> ReadAsync(IConnection connection, CancellationToken cancellationToken)
    {
        var all = new List<FailedMessage>();
        foreach (var suffix in s_suffixes)
        {
            await SearchAsync(connection, queue + suffix, (_, message) =>
            {
                all.Add(FailedMessageReader.Read(message));
                return Task.FromResult(false);
            }, cancellationToken);
        }

        // In the queue they lie as they came back, which is not always the order they came in.
        return [.. all.OrderBy(message => message.FailedAt).ThenBy(message => message.Id, StringComparer.Ordinal)];
    }

    /// <summary>Back to where it came from, as if it were new. It leaves the error queue once the broker has it there.</summary>
    /// <returns>False where there is no such message (any more).</returns>
    public Task<bool?> RequeueAsync(string id, CancellationToken cancellationToken) => TakeAsync(id, async (channel, message) =>
        await channel.BasicPublishAsync(
            "", queue, mandatory: true, FailedMessageReader.WithoutFault(message.BasicProperties), message.Body, cancellationToken), cancellationToken);

    /// <summary>Gone for good.</summary>
    /// <inheritdoc cref="RequeueAsync"/>
    public Task<bool?> DiscardAsync(string id, CancellationToken cancellationToken) => TakeAsync(id, (_, _) => Task.CompletedTask, cancellationToken);

    private Task<bool?> TakeAsync(string id, Func<IChannel, BasicGetResult, Task> act, CancellationToken cancellationToken) =>
        OnBrokerAsync<bool?>(
            async connection =>
            {
                var found = false;
                _seen = FailedCommands.None;
                foreach (var suffix in s_suffixes)
                {
                    found = found || await SearchAsync(connection, queue + suffix, async (channel, message) =>
                    {
                        if (FailedMessageReader.Read(message).Id != id)
                        {
                            return false;
                        }

                        await act(channel, message);
                        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                        return true;
                    }, cancellationToken);
                }

                return found;
            },
            false);

    /// <summary>Shows one message after another until one is taken; the others go back to their places.</summary>
    /// <returns>Whether one was taken.</returns>
    private static async Task<bool> SearchAsync(
        IConnection connection, string errors, Func<IChannel, BasicGetResult, Task<bool>> take, CancellationToken cancellationToken)
    {
        // With confirms: what is published is at the broker when the call returns, or the call fails.
        await using var channel = await connection.CreateChannelAsync(new(true, true), cancellationToken);
        if (await CountAsync(channel, errors, cancellationToken) is null)
        {
            return false;
        }

        // What is not acknowledged when the channel closes goes back to its place.
        for (var seen = 0; seen < MostShown && await channel.BasicGetAsync(errors, autoAck: false, cancellationToken) is { } message; seen++)
        {
            if (await take(channel, message))
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>How many messages lie in the queue; null where there is no such queue, and the channel is closed then.</returns>
    private static async Task<uint?> CountAsync(IChannel channel, string errors, CancellationToken cancellationToken)
    {
        try
        {
            return (await channel.QueueDeclarePassiveAsync(errors, cancellationToken)).MessageCount;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            // It is made with the first message for it.
            return null;
        }
    }

    /// <param name="inMemory">What to answer where there is no broker.</param>
    private async Task<T?> OnBrokerAsync<T>(Func<IConnection, Task<T>> work, T inMemory)
    {
        if (options.Value.Transport == BusTransport.InMemory)
        {
            return inMemory;
        }

        try
        {
            await using var connection = await ConnectAsync();
            return await work(connection);
        }
        catch (Exception error) when (error is RabbitMQClientException or IOException or TimeoutException or OperationCanceledException { InnerException: TimeoutException })
        {
            LogAway(error, queue);
            return default;
        }
    }

    private Task<IConnection> ConnectAsync()
    {
        // MassTransit takes rabbitmq: for amqp:, the client does not.
        var uri = new Uri(options.Value.Uri);
        var factory = new ConnectionFactory
        {
            Uri = new UriBuilder(uri) { Scheme = BusOptions.IsSecure(uri) ? "amqps" : "amqp" }.Uri,
            RequestedConnectionTimeout = BusSending.Patience,
            ContinuationTimeout = BusSending.Patience,
            AutomaticRecoveryEnabled = false,
        };
        return factory.CreateConnectionAsync(
            options.Value.Addresses.Select(node => new AmqpTcpEndpoint(node.Host, node.Port, factory.Ssl)), $"{nameof(MaeLab)} {nameof(FailedMessages)}");
    }

    [LoggerMessage(LogLevel.Warning, "The broker did not say what failed in {Queue}")]
    private partial void LogAway(Exception error, string queue);
}

public static class FailedMessagesRegistration
{
    /// <summary>This service shows what failed in <paramref name="queue"/>.</summary>
    public static void ShowsFailuresOf(this IBusRegistrationConfigurator bus, string queue) => bus.AddSingleton(provider => new FailedMessages(
        provider.GetRequiredService<IOptions<BusOptions>>(), queue, provider.GetRequiredService<ILogger<FailedMessages>>()));
}
