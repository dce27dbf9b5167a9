using MaeLab.Contracts.Commands;
using MaeLab.Scheduler.Lifecycle;
using MassTransit;

namespace MaeLab.Scheduler.Intake;

/// <summary>What a person wants of one run. An action that does not apply to its state any more changes nothing.</summary>
public sealed class ControlRunConsumer(RunLifecycle lifecycle) : IConsumer<ControlRun>
{
    public Task Consume(ConsumeContext<ControlRun> context) =>
        lifecycle.ControlAsync(context.Message.RunId, context.Message.Action, context.Message.RequestedBy, context.CancellationToken);
}
