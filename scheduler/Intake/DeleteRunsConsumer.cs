using MaeLab.Contracts.Commands;
using MaeLab.Scheduler.Lifecycle;
using MassTransit;

namespace MaeLab.Scheduler.Intake;

public sealed class DeleteRunsConsumer(RunDeletion deletion) : IConsumer<DeleteRuns>
{
    public Task Consume(ConsumeContext<DeleteRuns> context) =>
        deletion.DeleteAsync(context.Message.RunIds, context.Message.RequestedBy, context.CancellationToken);
}
