using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The curves of runs as a chart draws them: a line a run, or a mean a group of runs.</summary>
public sealed record CurveLines(IReadOnlyList<LineSeries> Series, IReadOnlyList<LegendEntry> Legend)
{
    public static CurveLines None { get; } = new([], []);

    /// <summary>Something is marked at the foot of the chart.</summary>
    public bool HasMarks => Series.Any(line => line.Marks?.Count > 0);

    /// <param name="curves">In the order of the runs, one each.</param>
    /// <param name="restarts">Steps from which runs went on in another attempt.</param>
    /// <param name="buckets">As many as the curves were read with.</param>
    public static CurveLines Of(
        IReadOnlyList<RunCurve> curves, ILookup<Guid, double> restarts, IReadOnlyList<RunSummary> runs, IReadOnlyList<Axis> axes, CurveView view, int buckets)
    {
        if (view.GroupFields(axes) is not { } fields)
        {
            var ofRuns = new RunLook(view.ColorBy, MatrixQuery.FieldsOf(axes), axes, runs);
            return new([.. runs.Zip(curves, (run, curve) => new LineSeries(ShortName(run), ofRuns.ColorOf(run), curve.Curve, ofRuns.DashOf(run), Marks: [.. restarts[run.Id]]))], ofRuns.Legend);
        }

        var look = new RunLook(view.ColorBy, fields, axes, runs);
        var groups = runs.Zip(curves).GroupBy(pair => string.Join(',', fields.Select(pair.First.LevelOf)));
        return new(
            [.. groups.Select(group =>
            {
                var any = group.First().First;
                var seeds = group.GroupBy(pair => pair.First.Seed, pair => pair.Second.Curve).ToList();
                var (mean, count) = Mean(seeds, view, buckets);
                return new LineSeries(GroupName(any, fields), look.ColorOf(any), mean, look.DashOf(any), count);
            })],
            look.Legend);
    }

    private static (Curve Mean, int[] Count) Mean(IReadOnlyList<IEnumerable<Curve>> seeds, CurveView view, int buckets)
    {
        var raw = MeanCurve.Of(seeds, curve => curve.Last, buckets, view.LogX, steady: view.Zoom is null);
        if (view.Smoothing == 0)
        {
            return (new(view.Metric, raw.X, raw.Low, raw.High, raw.Mean, Exact: false, raw.X.Length), raw.Count);
        }

        var smooth = MeanCurve.Of(seeds, curve => curve.Smoothed?.Values ?? curve.Last, buckets, view.LogX, steady: view.Zoom is null);
        // A value that is no number leaves a gap in the one and none in the other.
        var rawAt = raw.X.Zip(raw.Mean).ToDictionary(point => point.First, point => point.Second);
        double[] behind = [.. smooth.X.Select(x => rawAt.GetValueOrDefault(x, double.NaN))];
        return (
            new(view.Metric, smooth.X, smooth.Low, smooth.High, behind, Exact: false, smooth.X.Length) { Smoothed = new(smooth.Mean, default) },
            smooth.Count);
    }

    /// <summary>"0.75 · 4 · seed 0": the legend says which factors these are.</summary>
    private static string ShortName(RunSummary run) =>
        string.Join(" · ", [.. run.Levels.Select(level => Format.Literal(level.Value?.ToJsonString() ?? "null")), $"seed {run.Seed}"]);

    private static string GroupName(RunSummary run, IReadOnlyList<string> fields) => fields.Count == 0
        ? "All runs"
        : string.Join(" · ", fields.Select(field => $"{FieldText.Label(field)} {Format.Literal(run.LevelOf(field) ?? "null")}"));
}
