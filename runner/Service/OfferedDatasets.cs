using MaeLab.Domain.Recipes;

namespace MaeLab.Runner;

/// <summary>The data sets that this runner can read, as found when it started.</summary>
public sealed record OfferedDatasets(IReadOnlyList<DatasetInfo> All);
