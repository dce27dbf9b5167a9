using MaeLab.Contracts;
using MaeLab.Hosting.Bus;
using MaeLab.Runner.Intake;
using MassTransit;

namespace MaeLab.Runner;

/// <summary>What a runner listens to: its own queue.</summary>
public static class RunnerConsumers
{
    public static void Contribute(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<StartRunConsumer, Orders<StartRunConsumer>>();
        bus.AddConsumer<StopRunConsumer, Orders<StopRunConsumer>>();
        // Once an endpoint, where a definition is asked once a consumer.
        bus.AddConfigureEndpointsCallback((context, name, endpoint) =>
        {
            var id = context.GetRequiredService<RunnerIdentity>().Id;
            if (name == QueueNames.RunnerOrders(id))
            {
                endpoint.ListenTo(QueueNames.Runner(id));
            }
        });
    }

    private sealed class Orders<TConsumer> : ConsumerDefinition<TConsumer>
        where TConsumer : class, IConsumer
    {
        public Orders(RunnerIdentity identity)
        {
            EndpointName = QueueNames.RunnerOrders(identity.Id);

            // Sent to this runner, never published to all.
            Endpoint(endpoint => endpoint.ConfigureConsumeTopology = false);
        }

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
        {
            endpointConfigurator.Replicate();

            // An older order speaks of an attempt that has been taken back.
            endpointConfigurator.KeepForAWhile(consumerConfigurator, context, LeaseTerm.Default);

            // The queue of a runner that never comes back goes by itself.
            (endpointConfigurator as IRabbitMqReceiveEndpointConfigurator)?.SetQueueArgument("x-expires", TimeSpan.FromDays(1));
        }
    }
}
