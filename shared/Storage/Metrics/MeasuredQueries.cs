using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// The one place that says which values a run has: those of its own series, and of theory series that it has not measured itself those that
/// jobs found, each at the step of the checkpoint it examined. A job counts once it has completed.
/// </summary>
public static class MeasuredQueries
{
    /// <summary>Whether jobs may have found values of this series.</summary>
    public static bool MayBeFoundByJobs(string series) => series.StartsWith(SeriesNames.TheoryGroup, StringComparison.Ordinal);

    /// <summary>By summaries, of what jobs found that of the newest checkpoint; touches no points.</summary>
    /// <param name="runs">Whose values; within the query, so that each of its halves reads no others.</param>
    public static IQueryable<MeasuredValue> Measured(this MaeLabDb db, IQueryable<RunRow> runs)
    {
        var own = runs.Join(db.MetricSummaries, run => run.Id, summary => summary.RunId, (_, summary) => new MeasuredValue
        {
            RunId = summary.RunId,
            Name = summary.Name,
            Last = summary.Last,
            Min = summary.Min,
            Max = summary.Max,
        });
        var completed = db.CompletedJobs();
        var found =
            from run in runs
            join job in completed on run.Id equals job.SubjectRunId
            join summary in db.MetricSummaries on job.Id equals summary.RunId
            where !completed.Any(later => later.SubjectRunId == run.Id
                    && (later.CheckpointStep > job.CheckpointStep || (later.CheckpointStep == job.CheckpointStep && later.Id > job.Id)))
                && !db.MetricSummaries.Any(mine => mine.RunId == run.Id && mine.Name == summary.Name)
            select new MeasuredValue { RunId = run.Id, Name = summary.Name, Last = summary.Last, Min = summary.Min, Max = summary.Max };
        return own.Concat(found);
    }

    /// <summary>By points: the stored series of runs, with those that jobs found, a point for each checkpoint they examined.</summary>
    /// <param name="names">Null: all.</param>
    internal static async Task<List<RunSeries>> SeriesOfAsync(
        this MaeLabDb db, IReadOnlyCollection<Guid> runIds, IReadOnlyCollection<string>? names, CancellationToken cancellationToken)
    {
        var asked = names is null ? db.Series : db.Series.Where(series => names.Contains(series.Name));
        var own = (await asked.Where(series => runIds.Contains(series.RunId)).AsNoTracking().ToListAsync(cancellationToken))
            .ConvertAll(series => new RunSeries(series.RunId, series.Name, [series]));
        if (names?.Any(MayBeFoundByJobs) == false)
        {
            return own;
        }

        var found = await db.CompletedJobs().Where(job => runIds.Contains(job.SubjectRunId!.Value))
            .Join(asked, job => job.Id, series => series.RunId, (job, series) => new { RunId = job.SubjectRunId!.Value, Step = job.CheckpointStep!.Value, job.Id, Series = series })
            .AsNoTracking().ToListAsync(cancellationToken);
        var measured = own.Select(series => (series.RunId, series.Name)).ToHashSet();
        // Two checkpoints of one step are of two attempts: the newer one counts.
        var adopted = found.GroupBy(job => (job.RunId, job.Series.Name)).Where(series => MayBeFoundByJobs(series.Key.Name) && !measured.Contains(series.Key))
            .Select(series => new RunSeries(series.Key.RunId, series.Key.Name,
                [.. series.GroupBy(job => job.Step).OrderBy(step => step.Key).Select(step => step.MaxBy(job => job.Id)!.Series)]));
        return [.. own, .. adopted];
    }

    /// <summary>The jobs that count.</summary>
    public static IQueryable<RunRow> CompletedJobs(this MaeLabDb db) => db.Jobs().Where(job => job.SubjectRunId != null && job.State == RunState.Completed);
}
