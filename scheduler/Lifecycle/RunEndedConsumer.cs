using MaeLab.Contracts.Facts;
using MassTransit;

namespace MaeLab.Scheduler.Lifecycle;

/// <summary>Makes fast what <see cref="Watchdog.LeaseWatch"/> would find by itself.</summary>
public sealed class RunEndedConsumer(RunLifecycle lifecycle) : IConsumer<RunEnded>
{
    public Task Consume(ConsumeContext<RunEnded> context) =>
        lifecycle.EndedAsync(context.Message.RunId, context.Message.Attempt, context.CancellationToken);
}
