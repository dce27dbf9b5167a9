using System.Text.Json;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Hosting.Bus;
using MaeLab.Storage.Model;
using MassTransit;

namespace MaeLab.Scheduler.Lifecycle;

/// <summary>Tells the pages that a run changed. May be lost: they read again on a slow timer.</summary>
public sealed class RunHints(IBus bus, ILogger<RunHints> logger)
{
    public Task ChangedAsync(RunRow run, CancellationToken cancellationToken) =>
        bus.TryPublishAsync(new RunChanged(run.Id, run.ExperimentId, Word(run.State)), logger, cancellationToken);

    public Task ChangedAsync(Guid experimentId, CancellationToken cancellationToken) =>
        bus.TryPublishAsync(new ExperimentChanged(experimentId), logger, cancellationToken);

    internal static string Word(RunState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}
