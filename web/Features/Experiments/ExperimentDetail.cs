using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MaeLab.Web.Features.Experiments;

/// <summary>An experiment with what was submitted.</summary>
public sealed record ExperimentDetail : ExperimentSummary
{
    /// <param name="definition">JSON as submitted.</param>
    public ExperimentDetail(ExperimentSummary summary, string definition, int openJobs)
        : base(summary) => (Definition, OpenJobs) = (JsonNode.Parse(definition)!.AsObject(), openJobs);

    /// <summary>Theory jobs on its checkpoints that are not over; they are no runs and count as none.</summary>
    [JsonIgnore]
    public int OpenJobs { get; }

    /// <summary>As submitted, in the shape of the API.</summary>
    public JsonObject Definition { get; }
}
