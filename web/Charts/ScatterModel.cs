namespace MaeLab.Web.Charts;

/// <summary>Points over two axes.</summary>
/// <param name="Front">The Pareto front from left to right; empty where it is not shown.</param>
/// <param name="Step">Where a step of the front lies between two points: at the "start" where x is to be large, else at the "end".</param>
/// <param name="Ranges">What is marked on these axes.</param>
public sealed record ScatterModel(
    ScatterAxis X, ScatterAxis Y, IReadOnlyList<ScatterPoint> Points, IReadOnlyList<ScatterPlace> Front, string Step, IReadOnlyList<ChartRange> Ranges);

/// <param name="Categories">Words along the axis where it is no number.</param>
public sealed record ScatterAxis(string Name, string Label, IReadOnlyList<string>? Categories, bool Percent);

/// <param name="Faint">Not among the selected.</param>
public sealed record ScatterPoint(string Label, string Color, double X, double Y, bool Faint);

public readonly record struct ScatterPlace(double X, double Y);
