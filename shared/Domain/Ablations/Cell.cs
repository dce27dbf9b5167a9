using System.Text.Json.Nodes;

namespace MaeLab.Domain.Ablations;

/// <summary>One combination of levels; its runs differ only in the seed.</summary>
/// <param name="Levels">Field and level (a JSON literal) for every axis but the seed, in the order of the axes.</param>
public sealed record Cell(int Index, IReadOnlyList<KeyValuePair<string, string>> Levels, bool IsBaseline)
{
    /// <returns>{field: level}, the levels as the JSON values they are.</returns>
    public JsonObject LevelsJson() => new(Levels.Select(level => KeyValuePair.Create(level.Key, JsonNode.Parse(level.Value))));
}
