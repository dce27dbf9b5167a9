using MaeLab.Contracts.Commands;
using MaeLab.Scheduler.Lifecycle;
using MassTransit;

namespace MaeLab.Scheduler.Intake;

public sealed class RestoreRunsConsumer(RunDeletion deletion) : IConsumer<RestoreRuns>
{
    public Task Consume(ConsumeContext<RestoreRuns> context) =>
        deletion.RestoreAsync(context.Message.RunIds, context.Message.RequestedBy, context.CancellationToken);
}
