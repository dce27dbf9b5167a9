using MaeLab.Contracts.Commands;
using MaeLab.Hosting.Bus;
using MassTransit;

namespace MaeLab.Web.Features.Theory;

/// <summary>Has checkpoints examined by all theory probes.</summary>
public sealed class TheoryControl(IBus bus, ILogger<TheoryControl> logger)
{
    /// <summary>Those that wait, run or are done already are left as they are; a job that was given up is tried again.</summary>
    /// <returns>False when the broker did not take it.</returns>
    public Task<bool> ExamineAsync(IReadOnlyList<Guid> checkpointIds, string requestedBy, CancellationToken cancellationToken) =>
        bus.TryPublishAsync(new RequestTheory(checkpointIds, requestedBy), logger, cancellationToken);
}
