using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Live;

/// <summary>Where the curves drawn in one chart end, so that only what has come since is read and sent.</summary>
internal sealed class CurveTail(MetricReader metrics)
{
    private const int MaxPointsAtOnce = 2000;
    private const long NoStep = -1;

    private readonly List<(Guid RunId, string Name, long LastStep)> _ends = [];
    private HashSet<Guid> _active = [];

    /// <summary>In the order of the chart's series.</summary>
    public IEnumerable<Guid> RunIds => _ends.Select(end => end.RunId);

    /// <summary>How many of the series have points.</summary>
    public int Drawn => _ends.Count(end => end.LastStep > NoStep);

    /// <summary>Points added to the chart since it was drawn whole.</summary>
    public int Added { get; private set; }

    /// <summary>The chart was drawn whole, with these against the step.</summary>
    public void Restart(IEnumerable<RunCurve> curves, IEnumerable<RunSummary> runs)
    {
        Added = 0;
        _active = ActiveOf(runs);
        _ends.Clear();
        _ends.AddRange(curves.Select(curve => (curve.RunId, curve.Curve.Name, curve.Curve.X.Length > 0 ? (long)curve.Curve.X[^1] : NoStep)));
    }

    /// <summary>New points of the runs that train, or did so at the last look: the last points come just before the end.</summary>
    public async Task<IReadOnlyList<LinePoints>> ReadAsync(IEnumerable<RunSummary> runs, CancellationToken cancellationToken)
    {
        var wereActive = _active;
        _active = ActiveOf(runs);
        var added = new List<LinePoints>();
        for (var i = 0; i < _ends.Count; i++)
        {
            var (runId, name, lastStep) = _ends[i];
            if (!_active.Contains(runId) && !wereActive.Contains(runId))
            {
                continue;
            }

            var points = await metrics.ReadPointsAsync(runId, name, lastStep, MaxPointsAtOnce, cancellationToken);
            if (points.Count > 0)
            {
                added.Add(new(i, points));
                _ends[i] = (runId, name, points[^1].Step);
                Added += points.Count;
            }
        }

        return added;
    }

    private static HashSet<Guid> ActiveOf(IEnumerable<RunSummary> runs) => [.. runs.Where(run => run.State.IsActive()).Select(run => run.Id)];
}
