namespace MaeLab.Domain.Recipes;

public enum FieldKind
{
    Integer,
    Number,
    Choice,
    Flag,
    Text,
}

/// <summary>What a form, a validator and a table need to know of one recipe field.</summary>
/// <param name="Path">Dotted JSON path, for example <c>encoder.width</c>.</param>
/// <param name="Choices">The words allowed, for <see cref="FieldKind.Choice"/>; empty otherwise.</param>
/// <param name="Suggestions">Levels worth offering for an ablation, as JSON literals.</param>
public sealed record RecipeField(
    string Path, string Label, FieldKind Kind, string Help, bool Optional, IReadOnlyList<string> Choices, IReadOnlyList<string> Suggestions)
{
    /// <summary>For <see cref="FieldKind.Integer"/> and <see cref="FieldKind.Number"/>; null otherwise.</summary>
    public FieldBounds? Bounds { get; init; }

    /// <summary>The value as <see cref="FieldValue"/> writes it: long, double, string, bool or null.</summary>
    internal Func<Recipe, object?> Get { get; init; } = null!;

    /// <summary>The recipe with another value, given as <see cref="FieldValue.Parse"/> returns it.</summary>
    internal Func<Recipe, object?, Recipe> Set { get; init; } = null!;
}
