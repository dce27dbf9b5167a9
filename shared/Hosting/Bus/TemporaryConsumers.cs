using MassTransit;

namespace MaeLab.Hosting.Bus;

public static class TemporaryConsumers
{
    /// <summary>
    /// A consumer of facts for this process alone: its queue, shared by all consumers registered with the same name,
    /// vanishes with the process. What happens meanwhile is lost, so it may only serve to make something fast.
    /// </summary>
    /// <param name="queue">A name no other process has, for example <c>web-</c> and a new id.</param>
    public static void AddTemporaryConsumer<TConsumer>(this IBusRegistrationConfigurator bus, string queue)
        where TConsumer : class, IConsumer =>
        bus.AddConsumer<TConsumer>().Endpoint(endpoint =>
        {
            endpoint.Name = queue;
            endpoint.Temporary = true;
        });
}
