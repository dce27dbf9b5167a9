using MaeLab.Contracts.Commands;
using MassTransit;

namespace MaeLab.Scheduler.Intake;

public sealed class MoveRunsConsumer(QueueOrder queue) : IConsumer<MoveRuns>
{
    public Task Consume(ConsumeContext<MoveRuns> context) => queue.MoveAsync(context.Message, context.CancellationToken);
}
