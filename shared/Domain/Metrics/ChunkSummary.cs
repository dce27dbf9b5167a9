namespace MaeLab.Domain.Metrics;

/// <summary>What is known of a stretch of a series without its points; all a chart needs until it is zoomed in.</summary>
/// <param name="Count">Points in all, not-a-number among them.</param>
/// <param name="Min">Smallest finite or infinite value; NaN where there is none.</param>
/// <param name="Last">Value at <paramref name="LastStep"/>.</param>
public readonly record struct ChunkSummary(long FirstStep, long LastStep, int Count, int NanCount, double Min, double Max, double Last);
