using System.Diagnostics;
using OpenTelemetry.Trace;

namespace MaeLab.Hosting.Telemetry;

/// <summary>
/// A trace begins with a request or a step of a run. The loops of the services ask the database and say that they live every second; each
/// would make a trace of its own.
/// </summary>
internal sealed class RootSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(samplingParameters.Kind == ActivityKind.Server ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}
