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
    private HashSet<Guid> _active = [];

    /// <summary>In the order of the chart's series.</summary>
    public IEnumerable<Guid> RunIds => _ends.Select(end => end.RunId);

    /// <summary>How many of the series have points.</summary>
    public int Drawn => _ends.Count(end => end.AfterStep > NoStep);

    /// <summary>Points added to the chart since it was drawn whole.</summary>
    public int Added { get; private set; }

    /// <summary>The chart was drawn whole, with these against the step.</summary>
    /// <param name="smoothing">Weight of the average that the curves were read with; 0: none.</param>
    public void Restart(IReadOnlyList<RunCurve> curves, IEnumerable<RunSummary> runs, double smoothing = 0)
    {
        Added = 0;
        _averages.Clear();
        if (smoothing > 0)
        {
            _averages.AddRange(curves.Select(curve => curve.Curve.Smoothed?.End ?? new(smoothing)));
        }

        _active = ActiveOf(runs);
        _ends.Clear();
        _ends.AddRange(curves.Select(curve => new SeriesEnd(curve.RunId, curve.Curve.Name, curve.Curve.X.Length > 0 ? (long)curve.Curve.X[^1] : NoStep)));
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

        var read = await live.ReadAsync(growing.ConvertAll(i => _ends[i]), cancellationToken);
        var added = new List<LinePoints>();
        foreach (var (i, points) in growing.Zip(read).Where(pair => pair.Second.Count > 0))
        {
            added.Add(new(i, points, Smooth(i, points)));
            _ends[i] = _ends[i] with { AfterStep = points[^1].Step };
            Added += points.Count;
        }

        return added;
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
