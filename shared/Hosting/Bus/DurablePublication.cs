using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Hosting.Bus;

/// <summary>A message whose queue the sender declares too, so that it is kept although nobody has ever consumed it.</summary>
public sealed record DurablePublication(Action<IRabbitMqBusFactoryConfigurator> Declare)
{
    /// <summary>
    /// The exchange and queue of the receiving endpoint, with the very arguments of
    /// <see cref="EndpointPolicies.KeepCommands"/>: RabbitMQ refuses a second declaration that differs.
    /// </summary>
    public static DurablePublication To<TMessage>(string queue)
        where TMessage : class =>
        new(rabbit => rabbit.Publish<TMessage>(message => message.BindQueue(queue, queue, binding => binding.SetQuorumQueue())));
}

public static class DurablePublicationRegistration
{
    /// <summary>This service publishes <typeparamref name="TMessage"/> as a durable command to <paramref name="queue"/>.</summary>
    public static void PublishesDurably<TMessage>(this IBusRegistrationConfigurator bus, string queue)
        where TMessage : class => bus.AddSingleton(DurablePublication.To<TMessage>(queue));
}
