using MaeLab.Hosting.Startup;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Hosting.Bus;

/// <summary>The kinds of queues there are, and what happens to a message whose consumer fails. Used by ConsumerDefinitions.</summary>
public static class EndpointPolicies
{
    /// <summary>
    /// Commands of persons: a replicated queue that survives the broker's restart. While database or network are away the
    /// message waits with its consumer; another error is tried again three times and then kept in the error queue.
    /// </summary>
    public static void KeepCommands<TConsumer>(
        this IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<TConsumer> consumer, IRegistrationContext context)
        where TConsumer : class, IConsumer
    {
        endpoint.Replicate();
        consumer.WaitForStartup(context);

        // 5000 x 3 s = 4 h. Past the broker's own 30 minutes the message is delivered anew, which is harmless.
        consumer.UseMessageRetry(retry =>
        {
            retry.Handle<Exception>(InfrastructureFailure.Is);
            retry.Interval(5000, TimeSpan.FromSeconds(3));
        });
        consumer.UseMessageRetry(retry =>
        {
            retry.Ignore<Exception>(InfrastructureFailure.Is);
            retry.Intervals(100, 1000, 3000);
        });
    }

    /// <summary>
    /// Facts and orders: only worth something for a while, and made good from the database when lost. Old ones expire,
    /// and one that cannot be consumed after three more tries is dropped (MassTransit logs it).
    /// </summary>
    /// <param name="timeToLive">How long an unread message is kept.</param>
    public static void KeepForAWhile<TConsumer>(
        this IReceiveEndpointConfigurator endpoint, IConsumerConfigurator<TConsumer> consumer, IRegistrationContext context, TimeSpan timeToLive)
        where TConsumer : class, IConsumer
    {
        (endpoint as IRabbitMqReceiveEndpointConfigurator)?.SetQueueArgument("x-message-ttl", timeToLive);
        endpoint.DiscardFaultedMessages();
        // What an earlier version had bound to this queue.
        endpoint.DiscardSkippedMessages();
        consumer.WaitForStartup(context);
        consumer.UseMessageRetry(retry => retry.Intervals(50, 250, 1000));
    }

    /// <summary>
    /// On every node of a cluster. Of another kind of queue that outlives its process there is one, on the node where it was made: while that node is
    /// away the queue is, too, and nobody can make it elsewhere.
    /// </summary>
    public static void Replicate(this IReceiveEndpointConfigurator endpoint) => (endpoint as IRabbitMqReceiveEndpointConfigurator)?.SetQuorumQueue();

    /// <summary>Takes from an exchange of another name than the endpoint's, too.</summary>
    public static void ListenTo(this IReceiveEndpointConfigurator endpoint, string exchange)
    {
        (endpoint as IRabbitMqReceiveEndpointConfigurator)?.Bind(exchange);
        (endpoint as IInMemoryReceiveEndpointConfigurator)?.Bind(exchange);
    }

    private static void WaitForStartup<TConsumer>(this IConsumerConfigurator<TConsumer> consumer, IRegistrationContext context)
        where TConsumer : class, IConsumer
    {
        if (context.GetService<StartupGate>() is { } gate)
        {
            consumer.UseExecuteAsync(message => gate.WaitAsync(message.CancellationToken));
        }
    }
}
