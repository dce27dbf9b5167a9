using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Theory;

/// <summary>
/// A probe over the training, a mean for each cell as the curves have it. Made of the results themselves: what was measured of a
/// checkpoint alone is no series of the run.
/// </summary>
public static class TheoryCurves
{
    private const int Buckets = 600;

    /// <param name="values">Of one probe, by rising step.</param>
    public static CurveLines Of(IEnumerable<TheoryValue> values, string probe, IReadOnlyList<RunSummary> runs, IReadOnlyList<Axis> axes, string colorBy)
    {
        var own = values.Where(value => double.IsFinite(value.Value)).ToLookup(value => value.RunId);
        var curves = runs.Select(run => new RunCurve(run.Id, CurveOf(probe, [.. own[run.Id]]))).ToList();
        var lines = CurveLines.Of(curves, Array.Empty<Guid>().ToLookup(_ => Guid.Empty, _ => 0.0), runs, axes, new(probe, colorBy, Group: CurveView.EveryCell), Buckets);
        return lines with { Series = [.. lines.Series.Where(line => line.Curve.X.Length > 0)] };
    }

    private static Curve CurveOf(string probe, List<TheoryValue> values)
    {
        double[] all = [.. values.Select(value => value.Value)];
        return new(probe, [.. values.Select(value => (double)value.Step)], all, all, all, Exact: true, all.Length);
    }
}
