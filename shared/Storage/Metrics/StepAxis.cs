using MaeLab.Storage.Model;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// Where a step lies on an x-axis that is itself a series: its value at that step; between two of its points on the line
/// between them; before the first and after the last as far as those.
/// </summary>
internal sealed class StepAxis
{
    private readonly List<long> _steps = [];
    private readonly List<double> _x = [];

    /// <param name="points">Of the chunks whose points were read; of the others the last one is enough.</param>
    public StepAxis(CountedSeries series, IReadOnlyDictionary<ChunkKey, MetricChunkRow> points)
    {
        foreach (var (stored, summary) in series.Chunks)
        {
            if (points.TryGetValue(stored.Key, out var chunk))
            {
                var count = chunk.CountThrough(summary.LastStep);
                for (var i = 0; i < count; i++)
                {
                    Add(chunk.StepAt(i), chunk.Values[i]);
                }
            }
            else
            {
                Add(summary.LastStep, summary.Last);
            }
        }
    }

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

    private void Add(long step, double x)
    {
        if (double.IsFinite(x))
        {
            _steps.Add(step);
            _x.Add(x);
        }
    }
}
