using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

internal readonly record struct ChunkKey(long SeriesId, int Attempt, long FirstStep);

/// <summary>A chunk without its points.</summary>
internal readonly record struct StoredChunk(long SeriesId, int Attempt, ChunkSummary Summary)
{
    public ChunkKey Key => new(SeriesId, Attempt, Summary.FirstStep);
}

internal static class ChunkContent
{
    public static ChunkKey Key(this MetricChunkRow chunk) => new(chunk.SeriesId, chunk.Attempt, chunk.FirstStep);

    public static ChunkSummary Summary(this MetricChunkRow c) => new(c.FirstStep, c.LastStep, c.Count, c.NanCount, c.Min, c.Max, c.Last);

    /// <summary>Summary of the first <paramref name="count"/> points, at least one.</summary>
    public static ChunkSummary Summary(this MetricChunkRow chunk, int count) => Summarize(chunk.Steps.AsSpan(0, count), chunk.Values.AsSpan(0, count));

    /// <summary>How many of the points lie at or before a step.</summary>
    public static int CountThrough(this MetricChunkRow chunk, long step)
    {
        var index = Array.BinarySearch(chunk.Steps, step);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <param name="steps">At least one.</param>
    public static ChunkSummary Summarize(ReadOnlySpan<long> steps, ReadOnlySpan<double> values)
    {
        var (nans, min, max) = (0, double.NaN, double.NaN);
        foreach (var value in values)
        {
            // MinNumber and MaxNumber take the other operand where one is not a number.
            nans += double.IsNaN(value) ? 1 : 0;
            min = double.MinNumber(min, value);
            max = double.MaxNumber(max, value);
        }

        return new ChunkSummary(steps[0], steps[^1], steps.Length, nans, min, max, values[^1]);
    }
}
