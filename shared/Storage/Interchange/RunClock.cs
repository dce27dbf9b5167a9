using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Interchange;

/// <summary>
/// When a run was at a step. Points carry no time of their own; known are the moments at which attempts began and evaluations and
/// checkpoints were stored, and between them how long was trained.
/// </summary>
internal sealed class RunClock
{
    /// <summary>So finely the time of training is read; where there are fewer points, exactly.</summary>
    private const int Buckets = 10_000;

    private readonly List<(long Step, DateTimeOffset At)> _moments;

    /// <summary>Seconds of training up to a step.</summary>
    private readonly StepAxis _trained;

    private RunClock(List<(long Step, DateTimeOffset At)> moments, StepAxis trained) => (_moments, _trained) = (moments, trained);

    public static async Task<RunClock> ReadAsync(MaeLabDb db, MetricReader metrics, Guid runId, CancellationToken cancellationToken)
    {
        var attempts = await db.RunAttempts.Where(attempt => attempt.RunId == runId && attempt.StartedAt != null).OrderBy(attempt => attempt.Number)
            .Select(attempt => new { attempt.Number, attempt.RestoreStep, At = attempt.StartedAt!.Value }).ToListAsync(cancellationToken);
        var stored = await db.ProbeResults.Where(row => row.RunId == runId).Select(row => new { row.Attempt, row.Step, At = row.CreatedAt })
            .Concat(db.Checkpoints.Where(row => row.RunId == runId && row.Complete).Select(row => new { row.Attempt, row.Step, At = row.CreatedAt }))
            .GroupBy(row => new { row.Attempt, row.Step }).Select(rows => new { rows.Key.Attempt, rows.Key.Step, At = rows.Max(row => row.At) })
            .ToListAsync(cancellationToken);

        var moments = new List<(long Step, DateTimeOffset At)>();
        foreach (var attempt in attempts)
        {
            // A later attempt counts from its restore step on.
            moments.RemoveAll(moment => moment.Step > attempt.RestoreStep);
            moments.Add((attempt.RestoreStep, attempt.At));
            moments.AddRange(stored.Where(row => row.Attempt == attempt.Number && row.Step > attempt.RestoreStep).OrderBy(row => row.Step).Select(row => (row.Step, row.At)));
        }

        var curves = await metrics.ReadCurvesAsync(new([runId], [SeriesNames.ElapsedSeconds], Buckets: Buckets), cancellationToken);
        // At first nothing was trained, whenever the first point is.
        return new(moments, new([(0, 0), .. curves.SelectMany(trained => trained.Curve.X.Zip(trained.Curve.Last, (step, seconds) => ((long)step, seconds))).Where(point => point.Item1 > 0)]));
    }

    /// <returns>Null where the run never began.</returns>
    public DateTimeOffset? At(long step)
    {
        var known = _moments.FindLastIndex(moment => moment.Step <= step);
        if (known < 0)
        {
            return _moments.Count > 0 ? _moments[0].At : null;
        }

        var (from, at) = _moments[known];
        var moment = at.AddSeconds(Math.Max(0, _trained.At(step) - _trained.At(from)));
        return known + 1 < _moments.Count && moment > _moments[known + 1].At && _moments[known + 1].At >= at ? _moments[known + 1].At : moment;
    }
}
