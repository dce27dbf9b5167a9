using System.ComponentModel;
using System.Text.Json.Nodes;

namespace MaeLab.Domain.Ablations;

/// <summary>What a person submits, as it stands in the JSON of the API; <see cref="AblationPlan"/> expands and checks it.</summary>
public sealed record ExperimentDefinition
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Higher goes first; 0 is usual.</summary>
    public int Priority { get; init; }

    /// <summary>Share of the slots beside experiments of equal priority: one of weight 2 has twice the runs under way of one of weight 1.</summary>
    [DefaultValue(1.0)]
    public double Weight { get; init; } = 1;

    /// <summary>Fills what <see cref="Base"/> leaves out; <see cref="Recipes.Presets.Default"/> where null.</summary>
    public string? Preset { get; init; }

    /// <summary>The recipe shared by all runs, or the part of it that differs from the preset.</summary>
    public JsonObject? Base { get; init; }

    /// <summary>Recipe field (dotted path, for example <c>decoder.depth</c>) to its levels, in the order given.</summary>
    public JsonObject? Axes { get; init; }

    public AblationDesign Design { get; init; }

    /// <summary>Field to level of the cell that others are compared with; where null the cell nearest to the base recipe.</summary>
    public JsonObject? Baseline { get; init; }
}
