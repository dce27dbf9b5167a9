using MaeLab.Contracts.Commands;
using MassTransit;

namespace MaeLab.Scheduler.Intake;

public sealed class PrioritizeRunsConsumer(QueueOrder queue) : IConsumer<PrioritizeRuns>
{
    public Task Consume(ConsumeContext<PrioritizeRuns> context) => queue.PrioritizeAsync(context.Message, context.CancellationToken);
}
