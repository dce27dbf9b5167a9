using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MaeLab.Web.Features.Runs;

/// <summary>One run in a list, with what was said of it and the columns that were asked for.</summary>
public sealed record RunListItem : RunSummary
{
    public RunListItem(RunSummary summary)
        : base(summary)
    {
    }

    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Out of the way: left out of lists unless they ask for it.</summary>
    public required bool Archived { get; init; }

    /// <summary>Recipe fields and metrics by the word of their column; null: the run has no such value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Columns { get; init; }
}
