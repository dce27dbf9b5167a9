using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MaeLab.Domain.Runs;

namespace MaeLab.Web.Features.Theory;

/// <summary>A job that runs all theory probes on a checkpoint.</summary>
/// <param name="RunId">The run that it examines.</param>
/// <param name="CheckpointId">Retention may have deleted it since.</param>
/// <param name="Step">Of the checkpoint.</param>
/// <param name="Done">Probes done.</param>
/// <param name="Probes">Of the suite; 0 until a runner has begun.</param>
public sealed record TheoryJob(
    Guid Id, Guid RunId, Guid CheckpointId, long Step, RunState State, [property: JsonIgnore] StopIntent StopIntent, string? Reason, string? ReasonText,
    long Done, long Probes, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>0 to 1.</summary>
    public double Progress => State == RunState.Completed ? 1 : Probes > 0 ? Math.Min((double)Done / Probes, 1) : 0;

    /// <summary>It failed or was cancelled: asked for again, it is tried again.</summary>
    [JsonIgnore]
    public bool IsGivenUp => State is RunState.Failed or RunState.Cancelled;
}

/// <param name="Probe">Name of the series.</param>
/// <param name="Details">As the probe describes them.</param>
public sealed record TheoryJobResult(string Probe, double? Value, JsonNode? Details);

/// <summary>The checkpoint at the end of a run, and what became of its examination.</summary>
/// <param name="Index">Of the run in its experiment.</param>
/// <param name="Job">Null where nobody has asked for one.</param>
public sealed record FinalCheckpoint(Guid Id, Guid RunId, int Index, TheoryJob? Job);
