using System.Text.Json.Nodes;

namespace MaeLab.Web.Features.Experiments;

/// <summary>An experiment with what was submitted.</summary>
public sealed record ExperimentDetail : ExperimentSummary
{
    /// <param name="definition">JSON as submitted.</param>
    public ExperimentDetail(ExperimentSummary summary, string definition)
        : base(summary) => Definition = JsonNode.Parse(definition)!.AsObject();

    /// <summary>As submitted, in the shape of the API.</summary>
    public JsonObject Definition { get; }
}
