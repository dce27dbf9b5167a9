using MaeLab.Runner.Execution;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Runner;

/// <summary>
/// Ends the runs with a checkpoint before anything else of the process ends: bus and database are needed for that. The
/// time allowed is the host's shutdown timeout, 30 s.
/// </summary>
public sealed class RunnerShutdown(SlotBook slots, FactOutbox outbox) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await slots.DrainAsync(cancellationToken);
        await outbox.FlushAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
