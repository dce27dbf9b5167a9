using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

/// <summary>One curve to draw.</summary>
/// <param name="X">The series that serves as x; null: the step.</param>
/// <param name="Chunks">Of <paramref name="Y"/>, those that reach into the stretch asked for; at least one.</param>
internal sealed record CurveLine(CountedSeries Y, CountedSeries? X, IReadOnlyList<CountedChunk> Chunks)
{
    public long FirstStep => Chunks[0].Summary.FirstStep;

    public long LastStep => Chunks[^1].Summary.LastStep;

    public long PointCount => Chunks.Sum(c => (long)c.Summary.Count);

    public Curve FromPoints(IReadOnlyDictionary<ChunkKey, MetricChunkRow> points, double from, double to, int buckets)
    {
        var axis = X is null ? null : new StepAxis(X, points);
        var x = new double[PointCount];
        var y = new double[x.Length];
        var next = 0;
        foreach (var (stored, summary) in Chunks)
        {
            var chunk = points[stored.Key];
            for (var i = 0; i < summary.Count; i++, next++)
            {
                var step = chunk.StepAt(i);
                x[next] = axis?.At(step) ?? step;
                y[next] = chunk.Values[i];
            }
        }

        if (axis is not null)
        {
            // Any series may serve as x, also one that does not rise.
            Array.Sort(x, y);
        }

        return CurveBuckets.FromPoints(Y.Series.Name, x, y, from, to, buckets);
    }

    public Curve FromChunks(IReadOnlyDictionary<ChunkKey, MetricChunkRow> points, double from, double to, int buckets)
    {
        var summaries = Chunks.Select(c => c.Summary).ToArray();
        if (X is null)
        {
            return CurveBuckets.FromChunks(Y.Series.Name, summaries, from, to, buckets);
        }

        var axis = new StepAxis(X, points);
        var x = Array.ConvertAll(summaries, s => axis.At(s.LastStep));
        Array.Sort(x, summaries);
        return CurveBuckets.FromChunks(Y.Series.Name, summaries, x, from, to, buckets);
    }
}
