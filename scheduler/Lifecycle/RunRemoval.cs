using MaeLab.Hosting.Background;
using MaeLab.Hosting.Startup;
using MaeLab.Scheduler.Standby;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Lifecycle;

/// <summary>Removes deleted runs for good once their term is over.</summary>
public sealed partial class RunRemoval(
    RunDeletion deletion, ActiveScheduler self, IOptions<SchedulerOptions> options, StartupGate gate, TimeProvider time, ILogger<RunRemoval> logger)
    : LoopService(gate, time, logger)
{
    protected override TimeSpan Every => options.Value.RemoveEvery;

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (self.IsActive && await deletion.RemoveAsync(Time.GetUtcNow() - options.Value.KeepDeleted, cancellationToken) is > 0 and var removed)
        {
            LogRemoved(removed, options.Value.KeepDeleted);
        }
    }

    [LoggerMessage(LogLevel.Information, "Removed {Runs} runs for good that were deleted {Term} ago or earlier")]
    private partial void LogRemoved(int runs, TimeSpan term);
}
