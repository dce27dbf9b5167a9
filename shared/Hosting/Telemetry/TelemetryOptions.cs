using MaeLab.Hosting.Options;

namespace MaeLab.Hosting.Telemetry;

/// <summary>Configuration section <c>Telemetry</c>. Where traces go is said by the usual OTEL_EXPORTER_OTLP_ENDPOINT; without it there are none.</summary>
public sealed class TelemetryOptions : ICheckedOptions
{
    public const string Section = "Telemetry";

    /// <summary>
    /// One of the ports that the service listens on: <c>/metrics</c> answers there alone, so that the others may be open to people. Null: on all.
    /// </summary>
    public int? MetricsPort { get; set; }

    public IEnumerable<OptionProblem> Check()
    {
        if (MetricsPort is < 1 or > 65535)
        {
            yield return new(nameof(MetricsPort), $"is no port (it is {MetricsPort}); leave it out to have /metrics on every port.");
        }
    }
}
