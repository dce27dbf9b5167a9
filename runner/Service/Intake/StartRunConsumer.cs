using MaeLab.Contracts.Commands;
using MaeLab.Runner.Execution;
using MassTransit;

namespace MaeLab.Runner.Intake;

/// <summary>Books the slot and returns: a delivery held open for as long as a training takes would be taken away by the broker.</summary>
public sealed class StartRunConsumer(SlotBook slots) : IConsumer<StartRun>
{
    public Task Consume(ConsumeContext<StartRun> context)
    {
        slots.Book(context.Message);
        return Task.CompletedTask;
    }
}
