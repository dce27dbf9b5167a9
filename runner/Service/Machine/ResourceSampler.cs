using MaeLab.Hosting.Telemetry;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Machine;

/// <summary>Looks every few seconds, on no training thread, what this process takes of the machine, for the series of its runs and for <c>/metrics</c>.</summary>
public sealed class ResourceSampler(RunnerIdentity identity, IOptions<RunnerOptions> options, TimeProvider time, ILogger<ResourceSampler> logger) : BackgroundService
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
            Tell(_latest);
        }
    }

    private void Tell(ResourceUse use)
    {
        Instruments.CpuCores.Record(use.CpuCores);
        Instruments.MemoryBytes.Record(use.MemoryBytes);
        Instruments.SpoolBytes.Record(SizeOfFiles());
        // A counter is told from its first measurement on: from zero on the first one dropped is a rise.
        Instruments.DroppedCheckpoints.Add(0);
        if (use.Gpu is { } gpu)
        {
            Instruments.GpuUtilisation.Record(gpu.Utilisation);
            Instruments.GpuMemoryBytes.Record(gpu.MemoryBytes);
        }
    }

    private long SizeOfFiles()
    {
        try
        {
            return new DirectoryInfo(identity.WorkFolder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            // One was stored and removed while we looked; the next sample sees how it is.
            return 0;
        }
    }
}
