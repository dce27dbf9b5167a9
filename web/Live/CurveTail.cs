using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Live;

/// <summary>Where the curves drawn in one chart end, so that only what has come since is read and sent.</summary>
internal sealed class CurveTail(LivePoints live)
{
    private const long NoStep = -1;

    private readonly List<SeriesEnd> _ends = [];

    /// <summary>Where the curves are smoothed, the average up to the end of each.</summary>
    private readonly List<Ema> _averages = [];

    /// <summary>Where each ends on an axis other than the step; not-a-number: it has no points.</summary>
    private readonly List<double> _endsOnAxis = [];
    private string? _xAxis;
    private HashSet<Guid> _active = [];

    /// <summary>In the order of the chart's series.</summary>
    public IEnumerable<Guid> RunIds => _ends.Select(end => end.RunId);

    /// <summary>How many of the series have points.</summary>
    public int Drawn => _ends.Count(end => end.AfterStep > NoStep);

    /// <summary>Points added to the chart since it was drawn whole.</summary>
    public int Added { get; private set; }

    /// <summary>The chart was drawn whole, with these.</summary>
    /// <param name="smoothing">Weight of the average that the curves were read with; 0: none.</param>
    /// <param name="xAxis">One of <see cref="SeriesNames.Progress"/>; null: the step.</param>
    public void Restart(IReadOnlyList<RunCurve> curves, IEnumerable<RunSummary> runs, double smoothing = 0, string? xAxis = null)
    {
        (Added, _xAxis) = (0, xAxis);
        _averages.Clear();
        if (smoothing > 0)
        {
            _averages.AddRange(curves.Select(curve => curve.Curve.Smoothed?.End ?? new(smoothing)));
        }

        _active = ActiveOf(runs);
        _ends.Clear();
        _ends.AddRange(curves.Select(curve => new SeriesEnd(curve.RunId, curve.Curve.Name, curve.Curve.X.Length > 0 ? curve.LastStep : NoStep)));
        _endsOnAxis.Clear();
        _endsOnAxis.AddRange(curves.Select(curve => curve.Curve.X.Length > 0 ? curve.Curve.X[^1] : double.NaN));
    }

    /// <summary>New points of the runs that train, or did so at the last look: the last points come just before the end.</summary>
    public async Task<IReadOnlyList<LinePoints>> ReadAsync(IEnumerable<RunSummary> runs, CancellationToken cancellationToken)
    {
        var wereActive = _active;
        _active = ActiveOf(runs);
        var growing = Enumerable.Range(0, _ends.Count).Where(i => _active.Contains(_ends[i].RunId) || wereActive.Contains(_ends[i].RunId)).ToList();
        if (growing.Count == 0)
        {
            return [];
        }

        var ends = growing.Select(i => _ends[i]);
        var read = await live.ReadAsync([.. ends, .. _xAxis is { } axis ? ends.Select(end => end with { Name = axis }) : []], cancellationToken);
        var added = new List<LinePoints>();
        foreach (var (n, i) in growing.Index())
        {
            var points = read[n];
            var x = _xAxis is null || points.Count == 0 ? null : Place(i, points, read[growing.Count + n]);
            // Without a place on the axis they wait until it is written how far the run had come.
            if (points.Count > 0 && !(x?.Exists(double.IsNaN) ?? false))
            {
                added.Add(new(i, points, Smooth(i, points), x));
                _ends[i] = _ends[i] with { AfterStep = points[^1].Step };
                _endsOnAxis[i] = x?[^1] ?? points[^1].Step;
                Added += points.Count;
            }
        }

        return added;
    }

    private List<double> Place(int series, IReadOnlyList<MetricPoint> points, IReadOnlyList<MetricPoint> ofAxis)
    {
        var axis = new StepAxis(ofAxis.Select(point => (point.Step, point.Value)).Prepend((_ends[series].AfterStep, _endsOnAxis[series])));
        return [.. points.Select(point => axis.At(point.Step))];
    }

    private List<double>? Smooth(int series, IReadOnlyList<MetricPoint> points)
    {
        if (_averages.Count == 0)
        {
            return null;
        }

        var smoothed = new List<double>(points.Count);
        foreach (var point in points)
        {
            _averages[series] = _averages[series].Next(point.Value);
            smoothed.Add(_averages[series].Value);
        }

        return smoothed;
    }

    private static HashSet<Guid> ActiveOf(IEnumerable<RunSummary> runs) => [.. runs.Where(run => run.State.IsActive()).Select(run => run.Id)];
}
