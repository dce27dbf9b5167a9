using System.Diagnostics.Metrics;

namespace MaeLab.Hosting.Telemetry;

/// <summary>
/// All that MaeLab measures of itself, under the names that Prometheus sees; README.md of this project says what each means. Gauges of the queue
/// are read from the database, so every scheduler tells the same.
/// </summary>
public static class Instruments
{
    public const string MeterName = "MaeLab";

    private static readonly Meter s_meter = new(MeterName);

    public static Gauge<long> QueueDepth { get; } = s_meter.CreateGauge<long>("maelab_queue_depth", description: "Runs and jobs that wait for a slot.");

    public static Gauge<long> Runs { get; } = s_meter.CreateGauge<long>("maelab_runs", description: "Runs and jobs by state.");

    public static Gauge<double> OldestLeaseAge { get; } =
        s_meter.CreateGauge<double>("maelab_lease_age_seconds", description: "Time since the lease of an attempt under way was last renewed, the longest.");

    public static Gauge<long> LiveRunners { get; } = s_meter.CreateGauge<long>("maelab_live_runners", description: "Runners heard of within a lease.");

    public static Gauge<long> ErrorQueueDepth { get; } =
        s_meter.CreateGauge<long>("maelab_error_queue_depth", description: "Commands that failed and wait for somebody to look at them.");

    public static Counter<long> IngestedPoints { get; } = s_meter.CreateCounter<long>("maelab_ingested_points_total", description: "Points stored.");

    public static Counter<long> IngestedBytes { get; } =
        s_meter.CreateCounter<long>("maelab_ingested_bytes_total", description: "Points (16 bytes each), pictures and checkpoints stored.");

    public static Counter<long> DroppedCheckpoints { get; } =
        s_meter.CreateCounter<long>("maelab_dropped_checkpoints_total", description: "Checkpoints given up before they were stored, for want of room on disk.");

    public static Gauge<long> SpoolBytes { get; } =
        s_meter.CreateGauge<long>("maelab_spool_bytes", description: "Files on their way into the database, checkpoints included.");

    public static Gauge<double> CpuCores { get; } = s_meter.CreateGauge<double>("maelab_cpu_cores", description: "Cores that the runner keeps busy.");

    public static Gauge<long> MemoryBytes { get; } = s_meter.CreateGauge<long>("maelab_memory_bytes", description: "Resident memory of the runner.");

    public static Gauge<double> GpuUtilisation { get; } =
        s_meter.CreateGauge<double>("maelab_gpu_utilisation_ratio", description: "Share of the time in which the GPU computed.");

    public static Gauge<long> GpuMemoryBytes { get; } = s_meter.CreateGauge<long>("maelab_gpu_memory_bytes", description: "Memory in use on the GPU.");
}
