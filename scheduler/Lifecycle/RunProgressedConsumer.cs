using MaeLab.Contracts.Facts;
using MassTransit;

namespace MaeLab.Scheduler.Lifecycle;

public sealed class RunProgressedConsumer(RunLifecycle lifecycle) : IConsumer<RunProgressed>
{
    public Task Consume(ConsumeContext<RunProgressed> context) => lifecycle.ProgressedAsync(context.Message, context.CancellationToken);
}
