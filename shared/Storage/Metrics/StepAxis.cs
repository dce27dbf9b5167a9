using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// What a series is at any step, as of an x-axis that is itself a series: its value at that step; between two of its points on the line
/// between them; before the first and after the last as far as those.
/// </summary>
public sealed class StepAxis
{
    private readonly List<long> _steps = [];
    private readonly List<double> _x = [];

    /// <param name="points">By rising step; those that are not finite are left out.</param>
    public StepAxis(IEnumerable<(long Step, double X)> points)
    {
        foreach (var (step, x) in points.Where(point => double.IsFinite(point.X)))
        {
            _steps.Add(step);
            _x.Add(x);
        }
    }

    /// <param name="points">Of the chunks whose points were read; of the others the last one is enough.</param>
    internal static StepAxis Of(CountedSeries series, IReadOnlyDictionary<ChunkKey, MetricChunkRow> points) => new(series.Chunks.SelectMany(counted =>
        points.TryGetValue(counted.Stored.Key, out var chunk)
            ? Enumerable.Range(0, chunk.CountThrough(counted.Summary.LastStep)).Select(i => (chunk.StepAt(i), chunk.Values[i]))
            : [(counted.Summary.LastStep, counted.Summary.Last)]));

    /// <returns>Not-a-number where the series has no finite point at all.</returns>
    public double At(long step)
    {
        var index = _steps.BinarySearch(step);
        if (index >= 0)
        {
            return _x[index];
        }

        var right = ~index;
        if (_steps.Count == 0)
        {
            return double.NaN;
        }

        if (right == 0 || right == _steps.Count)
        {
            return _x[Math.Min(right, _steps.Count - 1)];
        }

        var way = (double)(step - _steps[right - 1]) / (_steps[right] - _steps[right - 1]);
        return _x[right - 1] + (way * (_x[right] - _x[right - 1]));
    }
}
