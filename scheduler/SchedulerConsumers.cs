using MaeLab.Contracts;
using MaeLab.Contracts.Facts;
using MaeLab.Hosting.Bus;
using MaeLab.Scheduler.Intake;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Scheduler.Standby;
using MaeLab.Scheduler.Watchdog;
using MassTransit;

namespace MaeLab.Scheduler;

/// <summary>What the scheduler listens to.</summary>
public static class SchedulerConsumers
{
    /// <summary>How long a fact waits to be read. Longer than a restart of the scheduler; what is older it reads from the database.</summary>
    internal static readonly TimeSpan FactsKept = TimeSpan.FromMinutes(1);

    public static void Contribute(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<SubmitExperimentConsumer, Command<SubmitExperimentConsumer>>();
        bus.AddConsumer<ControlRunConsumer, Command<ControlRunConsumer>>();
        bus.AddConsumer<ChangeExperimentConsumer, Command<ChangeExperimentConsumer>>();
        bus.AddConsumer<PrioritizeRunsConsumer, Command<PrioritizeRunsConsumer>>();
        bus.AddConsumer<MoveRunsConsumer, Command<MoveRunsConsumer>>();
        bus.AddConsumer<DeleteRunsConsumer, Command<DeleteRunsConsumer>>();
        bus.AddConsumer<RestoreRunsConsumer, Command<RestoreRunsConsumer>>();
        bus.AddConsumer<QueueCellConsumer, Command<QueueCellConsumer>>();
        bus.AddConsumer<RequestTheoryConsumer, Command<RequestTheoryConsumer>>();
        bus.AddConsumer<RunStartedConsumer, Fact<RunStartedConsumer>>();
        bus.AddConsumer<RunProgressedConsumer, Fact<RunProgressedConsumer>>();
        bus.AddConsumer<RunEndedConsumer, Fact<RunEndedConsumer>>();
        bus.AddConsumer<RunnerReportedConsumer, Reports>();
        bus.AddConsumer<EchoConsumer, OwnVoice>();
        bus.AddConsumer<QueueNewsConsumer, News>();
        bus.ShowsFailuresOf(QueueNames.SchedulerCommands);
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
        public Fact() => EndpointName = QueueNames.SchedulerFacts;

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
        {
            endpointConfigurator.Replicate();
            endpointConfigurator.KeepForAWhile(consumerConfigurator, context, FactsKept);
        }
    }

    /// <summary>What every scheduler hears for itself, on a queue that vanishes with it.</summary>
    private abstract class Heard<TConsumer> : ConsumerDefinition<TConsumer>
        where TConsumer : class, IConsumer
    {
        protected Heard(string queue) => Endpoint(endpoint => (endpoint.Name, endpoint.Temporary) = (queue, true));

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context) =>
            endpointConfigurator.KeepForAWhile(consumerConfigurator, context, FactsKept);
    }

    private sealed class News(ActiveScheduler self) : Heard<QueueNewsConsumer>(QueueNames.SchedulerNews(self.Id));

    // On the queue of the reports, behind whatever holds them up.
    private sealed class OwnVoice(ActiveScheduler self) : Heard<EchoConsumer>(QueueNames.SchedulerReports(self.Id));

    /// <summary>A queue of its own, so that no other fact keeps a lease from being renewed.</summary>
    private sealed class Reports(ActiveScheduler self, RunnerSilence silence) : Heard<RunnerReportedConsumer>(QueueNames.SchedulerReports(self.Id))
    {
        // Runners of one lane wait for each other: so many that no two of a laboratory are likely to share one.
        private const int Lanes = 1024;

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<RunnerReportedConsumer> consumerConfigurator, IRegistrationContext context)
        {
            base.ConfigureConsumer(endpointConfigurator, consumerConfigurator, context);
            consumerConfigurator.Message<RunnerReported>(report =>
            {
                // Before anything that may take its time: a backlog or a slow database of ours is no silence of the runner.
                report.UseExecute(message => silence.Heard(message.Message.RunnerId));

                // One runner's one after another, so that none overtakes the one before it on its way into the table.
                report.UsePartitioner(Lanes, message => message.Message.RunnerId);
            });
        }
    }
}
