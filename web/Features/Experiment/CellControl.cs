using MaeLab.Contracts.Commands;
using MaeLab.Hosting.Bus;
using MassTransit;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Has combinations of levels run that an experiment has no runs of.</summary>
public sealed class CellControl(IBus bus, ILogger<CellControl> logger)
{
    /// <param name="levels">A JSON literal for every axis but the seed.</param>
    /// <returns>False when the broker did not take it.</returns>
    public Task<bool> QueueAsync(Guid experimentId, IReadOnlyDictionary<string, string> levels, string requestedBy, CancellationToken cancellationToken) =>
        bus.TryPublishAsync(new QueueCell(experimentId, levels, requestedBy), logger, cancellationToken);
}
