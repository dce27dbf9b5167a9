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
    public static ChunkSummary Summary(this MetricChunkRow chunk, int count) =>
        Summarize(chunk.FirstStep, chunk.StepAt(count - 1), chunk.Values.AsSpan(0, count));

    public static long StepAt(this MetricChunkRow chunk, int index) =>
        chunk.Steps.Length > 0 ? chunk.Steps[index] : chunk.FirstStep + (index * chunk.Stride());

    /// <summary>How many of the points lie at or before a step.</summary>
    public static int CountThrough(this MetricChunkRow chunk, long step)
    {
        if (chunk.Steps.Length == 0)
        {
            return step < chunk.FirstStep ? 0 : step >= chunk.LastStep ? chunk.Count : (int)((step - chunk.FirstStep) / chunk.Stride()) + 1;
        }

        var index = Array.BinarySearch(chunk.Steps, step);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <summary>What <see cref="MetricChunkRow.Steps"/> is to hold of these.</summary>
    public static long[] Uneven(ReadOnlySpan<long> steps)
    {
        for (var i = 2; i < steps.Length; i++)
        {
            if (steps[i] - steps[i - 1] != steps[1] - steps[0])
            {
                return steps.ToArray();
            }
        }

        return [];
    }

    /// <param name="values">At least one.</param>
    public static ChunkSummary Summarize(long firstStep, long lastStep, ReadOnlySpan<double> values)
    {
        var (nans, min, max) = (0, double.NaN, double.NaN);
        foreach (var value in values)
        {
            // Whatever is compared with NaN is false: the first number replaces it, and it replaces no number.
            if (double.IsNaN(value))
            {
                nans++;
                continue;
            }

            min = min <= value ? min : value;
            max = max >= value ? max : value;
        }

        return new ChunkSummary(firstStep, lastStep, values.Length, nans, min, max, values[^1]);
    }

    /// <summary>From step to step, where they lie evenly.</summary>
    private static long Stride(this MetricChunkRow chunk) => chunk.Count > 1 ? (chunk.LastStep - chunk.FirstStep) / (chunk.Count - 1) : 0;
}
