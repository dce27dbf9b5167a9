using System.Diagnostics;

namespace MaeLab.Hosting.Telemetry;

/// <summary>
/// The steps of an experiment's runs as one trace, whose id is that of the experiment. So it needs no place to be kept while a run
/// waits in the database, and whoever knows an experiment finds its trace.
/// </summary>
public static class RunTrace
{
    public const string SourceName = "MaeLab";

    private static readonly ActivitySource s_source = new(SourceName);

    /// <summary>
    /// A step. What is sent and asked for until it is disposed belongs to it. It lies below the present step where that is of the same
    /// trace; otherwise it is linked to it, an HTTP request say.
    /// </summary>
    /// <returns>Null where nobody collects traces.</returns>
    public static Activity? Start(string name, Guid experimentId, Guid? runId = null, int? attempt = null)
    {
        if (!s_source.HasListeners())
        {
            return null;
        }

        var id = experimentId.ToString("n");
        var trace = ActivityTraceId.CreateFromString(id);
        var current = Activity.Current?.Context;
        var isWithin = current?.TraceId == trace;

        // Above the first steps stands the experiment itself.
        var parent = isWithin ? current!.Value : new(trace, ActivitySpanId.CreateFromString(id.AsSpan(16)), ActivityTraceFlags.Recorded, isRemote: true);
        return s_source.StartActivity(
            ActivityKind.Internal,
            parent,
            [new("maelab.experiment_id", experimentId), new("maelab.run_id", runId), new("maelab.attempt", attempt)],
            current is { } other && !isWithin ? [new(other)] : [],
            name: name);
    }

    /// <summary>What follows belongs to no step, until the calling method returns to whoever awaits it.</summary>
    public static void Leave() => Activity.Current = null;
}
