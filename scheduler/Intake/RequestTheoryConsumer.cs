using MaeLab.Contracts.Commands;
using MassTransit;

namespace MaeLab.Scheduler.Intake;

public sealed class RequestTheoryConsumer(TheoryRequests requests) : IConsumer<RequestTheory>
{
    public async Task Consume(ConsumeContext<RequestTheory> context)
    {
        foreach (var checkpointId in context.Message.CheckpointIds)
        {
            await requests.TakeAsync(checkpointId, context.Message.RequestedBy, context.CancellationToken);
        }
    }
}
