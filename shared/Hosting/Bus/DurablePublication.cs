using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Hosting.Bus;

/// <summary>A message whose queue the sender declares too, so that it is kept although nobody has ever consumed it.</summary>
public sealed record DurablePublication(Action<IRabbitMqBusFactoryConfigurator> Declare)
{
    /// <summary>
    /// The queue of the receiving endpoint, with the very arguments of <see cref="EndpointPolicies.KeepCommands"/> (RabbitMQ
    /// refuses a second declaration that differs), bound to the message's own exchange. Once a receiver has bound its
    /// exchange as well there are two ways into the queue; RabbitMQ still puts one copy of a message into it.
    /// </summary>
    public static DurablePublication To<TMessage>(string queue)
        where TMessage : class =>
        new(rabbit => rabbit.Publish<TMessage>(message => message.BindQueue(message.Exchange.ExchangeName, queue, binding => binding.SetQuorumQueue())));
}

public static class DurablePublicationRegistration
{
    /// <summary>This service publishes <typeparamref name="TMessage"/> as a durable command to <paramref name="queue"/>.</summary>
    public static void PublishesDurably<TMessage>(this IBusRegistrationConfigurator bus, string queue)
        where TMessage : class => bus.AddSingleton(DurablePublication.To<TMessage>(queue));
}
