namespace MaeLab.Domain.Ablations;

/// <summary>One factor. <see cref="SeedField"/> is no factor of the cells: it repeats them.</summary>
/// <param name="Field">Dotted path of the recipe field.</param>
/// <param name="Levels">The levels as JSON literals (<c>0.75</c>, <c>"random"</c>), distinct, in the order given.</param>
public sealed record Axis(string Field, IReadOnlyList<string> Levels)
{
    public const string SeedField = "seed";
}
