namespace MaeLab.Web.Charts;

/// <summary>Lines over parallel axes.</summary>
/// <param name="Ranges">What is marked on these axes.</param>
public sealed record ParallelModel(IReadOnlyList<ParallelAxis> Axes, IReadOnlyList<ParallelLine> Lines, IReadOnlyList<ChartRange> Ranges);

/// <param name="Categories">Words along the axis where it is no number.</param>
/// <param name="Flipped">Large values at the bottom.</param>
public sealed record ParallelAxis(string Name, string Label, IReadOnlyList<string>? Categories, bool Percent, bool Flipped);

/// <param name="Values">One an axis; null where there is none.</param>
/// <param name="Faint">Not among the selected.</param>
public sealed record ParallelLine(string Label, string Color, IReadOnlyList<double?> Values, bool Faint);
