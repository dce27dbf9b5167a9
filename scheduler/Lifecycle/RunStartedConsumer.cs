using MaeLab.Contracts.Facts;
using MassTransit;

namespace MaeLab.Scheduler.Lifecycle;

public sealed class RunStartedConsumer(RunLifecycle lifecycle) : IConsumer<RunStarted>
{
    public Task Consume(ConsumeContext<RunStarted> context) => lifecycle.StartedAsync(context.Message, context.CancellationToken);
}
