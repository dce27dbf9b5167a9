using MaeLab.Contracts.Commands;
using MassTransit;

namespace MaeLab.Scheduler.Intake;

public sealed class ChangeExperimentConsumer(QueueOrder queue) : IConsumer<ChangeExperiment>
{
    public Task Consume(ConsumeContext<ChangeExperiment> context) => queue.ChangeAsync(context.Message, context.CancellationToken);
}
