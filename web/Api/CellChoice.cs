using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MaeLab.Domain.Ablations;

namespace MaeLab.Web.Api;

/// <summary>A combination of levels that is to be run.</summary>
/// <param name="Levels">A level of every factor of the experiment but the seed, by field.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CellChoice([property: JsonRequired] JsonObject Levels)
{
    /// <summary>As the factors write them: 0.50 is their 0.5. A body may say null where the type does not.</summary>
    internal Dictionary<string, string> LevelsOf(IReadOnlyList<Axis> factors) => (Levels ?? []).ToDictionary(level => level.Key, level =>
        factors.FirstOrDefault(factor => factor.Field == level.Key)?.Levels.FirstOrDefault(known => JsonNode.DeepEquals(JsonNode.Parse(known), level.Value))
            ?? level.Value?.ToJsonString() ?? "null");
}
