using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;

namespace MaeLab.Web.Features.Experiments;

/// <summary>An experiment with what was submitted.</summary>
/// <param name="Seeds">Empty where the definition has no seed axis: then every cell has one run.</param>
/// <param name="Definition">As submitted, in the shape of the API.</param>
public sealed record ExperimentDetail(ExperimentSummary Summary, IReadOnlyList<long> Seeds, AblationDesign Design, JsonObject Definition)
{
    public Guid Id => Summary.Id;

    public static ExperimentDetail Of(ExperimentSummary summary, string definition)
    {
        var json = JsonNode.Parse(definition)!.AsObject();
        var seeds = json["axes"]?[Axis.SeedField]?.Deserialize<List<long>>(JsonDefaults.Options);
        var design = json["design"]?.Deserialize<AblationDesign>(JsonDefaults.Options);
        return new(summary, seeds ?? [], design ?? AblationDesign.Grid, json);
    }
}
