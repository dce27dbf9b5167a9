using MaeLab.Contracts.Commands;
using MaeLab.Engine.Training;
using MaeLab.Runner.Execution;
using MassTransit;

namespace MaeLab.Runner.Intake;

public sealed class StopRunConsumer(SlotBook slots) : IConsumer<StopRun>
{
    public Task Consume(ConsumeContext<StopRun> context)
    {
        var stop = context.Message;
        slots.Stop(new(stop.RunId, stop.Attempt), stop.SaveCheckpoint ? StopRequest.SaveAndStop : StopRequest.Stop);
        return Task.CompletedTask;
    }
}
