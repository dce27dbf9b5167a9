using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Storage.Model;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Results of probes as a run's first attempt stores them.</summary>
internal static class SampleResult
{
    public static ProbeResultRow Of<T>(Guid runId, long step, string series, double value, T details) => new()
    {
        Id = Guid.CreateVersion7(),
        RunId = runId,
        Attempt = 1,
        Step = step,
        Probe = series,
        Value = value,
        Details = JsonSerializer.Serialize(details, JsonDefaults.Options),
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
