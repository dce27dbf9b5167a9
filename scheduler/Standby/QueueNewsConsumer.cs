using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Scheduler.Lifecycle;
using MaeLab.Scheduler.Placement;
using MassTransit;

namespace MaeLab.Scheduler.Standby;

/// <summary>
/// Something to place, or room for it. Whichever scheduler made the change, the active one hears of it; where the message
/// is lost its timer finds it.
/// </summary>
public sealed class QueueNewsConsumer(PlacementLoop placement) :
    IConsumer<ExperimentAccepted>, IConsumer<ExperimentChanged>, IConsumer<RunChanged>
{
    private static readonly string[] s_taken = [RunHints.Word(RunState.Assigned), RunHints.Word(RunState.Running)];

    public Task Consume(ConsumeContext<ExperimentAccepted> context) => Wake();

    public Task Consume(ConsumeContext<ExperimentChanged> context) => Wake();

    public Task Consume(ConsumeContext<RunChanged> context) => s_taken.Contains(context.Message.State) ? Task.CompletedTask : Wake();

    private Task Wake()
    {
        placement.Wake();
        return Task.CompletedTask;
    }
}
