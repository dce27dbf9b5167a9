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
    }

    private sealed class Orders<TConsumer> : ConsumerDefinition<TConsumer>
        where TConsumer : class, IConsumer
    {
        // The scheduler's lease: an older order speaks of an attempt that has been taken back.
        private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(15);

        public Orders(RunnerIdentity identity)
        {
            EndpointName = QueueNames.Runner(identity.Id);

            // Sent to this runner, never published to all.
            Endpoint(endpoint => endpoint.ConfigureConsumeTopology = false);
        }

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
        {
            endpointConfigurator.KeepForAWhile(consumerConfigurator, context, s_timeToLive);

            // The queue of a runner that never comes back goes by itself.
            (endpointConfigurator as IRabbitMqReceiveEndpointConfigurator)?.SetQueueArgument("x-expires", TimeSpan.FromDays(1));
        }
    }
}
