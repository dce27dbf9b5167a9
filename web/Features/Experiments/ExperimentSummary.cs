using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiments;

/// <summary>One experiment as lists show it.</summary>
/// <param name="Axes">The factors with their levels (JSON literals), without the seed.</param>
/// <param name="Weight">Share of the slots beside experiments of equal priority.</param>
/// <param name="Design">Which combinations of the levels are runs.</param>
/// <param name="Seeds">Empty where the definition has no seed axis: then every cell has one run.</param>
/// <param name="Runs">Counts by state.</param>
/// <param name="Progress">Share of all training done, 0 to 1.</param>
public record ExperimentSummary(
    Guid Id, string Name, string? Description, IReadOnlyList<string> Tags, int Priority, double Weight, string SubmittedBy, DateTimeOffset CreatedAt,
    AblationDesign Design, [property: JsonIgnore] IReadOnlyList<Axis> Axes, [property: JsonIgnore] IReadOnlyList<long> Seeds, int RunCount, RunCounts Runs, double Progress)
{
    /// <summary>How far it is: all of it only where no run has anything left to do, evaluations among it.</summary>
    [JsonIgnore]
    public string ProgressWords => Format.Percent(Runs.Open > 0 ? Math.Min(Progress, 0.99) : Progress, 0);

    /// <summary>Axes and seeds as they are submitted: recipe field to levels.</summary>
    [JsonPropertyName("axes")]
    public JsonObject AxesJson
    {
        get
        {
            var axes = new JsonObject(Axes.Select(axis => KeyValuePair.Create(
                axis.Field, (JsonNode?)new JsonArray([.. axis.Levels.Select(level => JsonNode.Parse(level))]))));
            if (Seeds.Count > 0)
            {
                axes.Add(Axis.SeedField, new JsonArray([.. Seeds.Select(seed => (JsonNode)seed)]));
            }

            return axes;
        }
    }
}

/// <param name="NextCursor">Null on the last page.</param>
public sealed record ExperimentList(IReadOnlyList<ExperimentSummary> Items, string? NextCursor);
