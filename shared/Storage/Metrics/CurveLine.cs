using MaeLab.Domain.Metrics;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

/// <summary>One curve to draw.</summary>
/// <param name="X">The series that serves as x; null: the step.</param>
/// <param name="Chunks">Of <paramref name="Y"/>, those that reach into the stretch asked for, for an average also all before; at least one.</param>
internal sealed record CurveLine(CountedSeries Y, CountedSeries? X, IReadOnlyList<CountedChunk> Chunks)
{
    private static readonly Dictionary<ChunkKey, MetricChunkRow> s_none = [];

    public long FirstStep => Chunks[0].Summary.FirstStep;

    public long LastStep => Chunks[^1].Summary.LastStep;

    public long PointCount => Chunks.Sum(c => (long)c.Summary.Count);

    /// <summary>All of x there is, within the stretch asked for and outside.</summary>
    public (double From, double To) Whole
    {
        get
        {
            if (X is null)
            {
                return (Y.Chunks[0].Summary.FirstStep, Y.Chunks[^1].Summary.LastStep);
            }

            var (from, to) = (double.NaN, double.NaN);
            foreach (var chunk in X.Chunks.Select(c => c.Summary))
            {
                (from, to) = (double.MinNumber(from, chunk.Min), double.MaxNumber(to, chunk.Max));
            }

            return (from, to);
        }
    }

    /// <param name="smoothing">Weight of the average; 0: none.</param>
    public Curve FromPoints(IReadOnlyDictionary<ChunkKey, MetricChunkRow> points, BucketGrid grid, double smoothing)
    {
        var axis = X is null ? null : StepAxis.Of(X, points);
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

        return smoothing > 0
            ? CurveBuckets.FromPoints(Y.Name, x, y, grid, smoothing)
            : CurveBuckets.FromPoints(Y.Name, x, y, grid);
    }

    public Curve FromChunks(BucketGrid grid)
    {
        var summaries = Chunks.Select(c => c.Summary).ToArray();
        if (X is null)
        {
            return CurveBuckets.FromChunks(Y.Name, summaries, grid);
        }

        var axis = StepAxis.Of(X, s_none);
        var x = Array.ConvertAll(summaries, s => axis.At(s.LastStep));
        Array.Sort(x, summaries);
        return CurveBuckets.FromChunks(Y.Name, summaries, x, grid);
    }
}
