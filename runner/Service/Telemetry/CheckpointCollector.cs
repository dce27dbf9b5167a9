using MaeLab.Hosting.Background;
using MaeLab.Hosting.Startup;
using MaeLab.Storage.Checkpoints;

namespace MaeLab.Runner.Telemetry;

/// <summary>
/// Removes checkpoints whose upload was cut off and which no later attempt of their run comes by: an hour after their attempt
/// ended, by whichever runner looks first.
/// </summary>
public sealed partial class CheckpointCollector(CheckpointStore checkpoints, StartupGate gate, TimeProvider time, ILogger<CheckpointCollector> logger)
    : LoopService(gate, time, logger)
{
    /// <summary>A runner started anew may still bring the rest.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromHours(1);

    protected override TimeSpan Every => TimeSpan.FromHours(1);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var collected = await checkpoints.CollectAsync(Time.GetUtcNow() - s_grace, cancellationToken);
        if (collected > 0)
        {
            LogCollected(collected);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} half-written checkpoints of attempts long over were removed")]
    private partial void LogCollected(int count);
}
