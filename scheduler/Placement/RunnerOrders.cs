using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Domain.Runs;
using MaeLab.Hosting.Bus;
using MaeLab.Storage.Model;
using MassTransit;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Placement;

/// <summary>
/// Orders to a runner, through its own queue. They may be lost: an attempt that its runner does not know of is taken
/// back, and a stop is said again with every report of a run that should stop.
/// </summary>
public sealed class RunnerOrders(IBus bus, IOptions<SchedulerOptions> options, ILogger<RunnerOrders> logger)
{
    public Task<bool> StartAsync(RunRow run, Guid runnerId, CancellationToken cancellationToken) =>
        SendAsync(runnerId, new StartRun(run.Id, run.ExperimentId, run.Attempt, runnerId), cancellationToken);

    public Task<bool> StopAsync(RunAttemptRow attempt, StopIntent intent, CancellationToken cancellationToken) =>
        StopAsync(attempt.RunId, attempt.Number, attempt.RunnerId, saveCheckpoint: intent != StopIntent.Cancel, cancellationToken);

    public Task<bool> StopAsync(Guid runId, int attempt, Guid runnerId, bool saveCheckpoint, CancellationToken cancellationToken) =>
        SendAsync(runnerId, new StopRun(runId, attempt, runnerId, saveCheckpoint), cancellationToken);

    // An order older than a lease speaks of an attempt that has been taken back.
    private Task<bool> SendAsync<T>(Guid runnerId, T order, CancellationToken cancellationToken)
        where T : class =>
        bus.TrySendAsync(QueueNames.Runner(runnerId), order, options.Value.Lease, logger, cancellationToken);
}
