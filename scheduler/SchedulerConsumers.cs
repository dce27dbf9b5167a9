using MaeLab.Contracts;
using MaeLab.Hosting.Bus;
using MaeLab.Scheduler.Intake;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Scheduler.Watchdog;
using MassTransit;

namespace MaeLab.Scheduler;

/// <summary>What the scheduler listens to.</summary>
public static class SchedulerConsumers
{
    public static void Contribute(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<SubmitExperimentConsumer, Command<SubmitExperimentConsumer>>();
        bus.AddConsumer<ControlRunConsumer, Command<ControlRunConsumer>>();
        bus.AddConsumer<RunStartedConsumer, Fact<RunStartedConsumer>>();
        bus.AddConsumer<RunProgressedConsumer, Fact<RunProgressedConsumer>>();
        bus.AddConsumer<RunEndedConsumer, Fact<RunEndedConsumer>>();
        // One after another, so that a report cannot overtake the one before it on its way into the table.
        bus.AddConsumer<RunnerReportedConsumer, Fact<RunnerReportedConsumer>>(consumer => consumer.ConcurrentMessageLimit = 1);
    }

    private sealed class Command<TConsumer> : ConsumerDefinition<TConsumer>
        where TConsumer : class, IConsumer
    {
        public Command() => EndpointName = QueueNames.SchedulerCommands;

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context) =>
            endpointConfigurator.KeepCommands(consumerConfigurator, context);
    }

    private sealed class Fact<TConsumer> : ConsumerDefinition<TConsumer>
        where TConsumer : class, IConsumer
    {
        // Longer than a restart of the scheduler; what is older it reads from the database.
        private static readonly TimeSpan s_timeToLive = TimeSpan.FromMinutes(1);

        public Fact() => EndpointName = QueueNames.SchedulerFacts;

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context) =>
            endpointConfigurator.KeepForAWhile(consumerConfigurator, context, s_timeToLive);
    }
}
