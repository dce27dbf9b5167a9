using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Machine;

/// <summary>Looks every few seconds, on no training thread, what this process takes of the machine.</summary>
public sealed class ResourceSampler(IOptions<RunnerOptions> options, TimeProvider time, ILogger<ResourceSampler> logger) : BackgroundService
{
    private readonly NvidiaSmi _gpu = new(logger);
    private volatile ResourceUse? _latest;

    /// <summary>A new object with every sample; null before the first.</summary>
    public ResourceUse? Latest => _latest;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.SampleEvery == TimeSpan.Zero)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.SampleEvery, time);
        var (usedBefore, lookedAt) = (Environment.CpuUsage.TotalTime, time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var (used, now) = (Environment.CpuUsage.TotalTime, time.GetTimestamp());
            var cores = (used - usedBefore) / time.GetElapsedTime(lookedAt, now);
            (usedBefore, lookedAt) = (used, now);
            _latest = new(cores, Environment.WorkingSet, await _gpu.ReadAsync(stoppingToken));
        }
    }
}
