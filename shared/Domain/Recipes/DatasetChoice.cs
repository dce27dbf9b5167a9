namespace MaeLab.Domain.Recipes;

/// <param name="Name">A name of <see cref="Datasets"/> or one that a runner has registered.</param>
/// <param name="Limit">Train on the first so many images only; null: all.</param>
public sealed record DatasetChoice(string Name, int? Limit = null);
