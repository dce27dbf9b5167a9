using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;

namespace MaeLab.Storage.Metrics;

/// <summary>
/// The one place that says which values a run has: those of its own series, and of theory series that it has not measured itself those that
/// the job of its newest examined checkpoint found. A job counts once it has completed.
/// </summary>
public static class MeasuredQueries
{
    /// <summary>Whether jobs may have found values of this series.</summary>
    public static bool MayBeFoundByJobs(string series) => series.StartsWith(SeriesNames.TheoryGroup, StringComparison.Ordinal);

    /// <summary>By summaries; touches no points.</summary>
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

    /// <summary>What the jobs of these runs found by one series, by checkpoint.</summary>
    public static IQueryable<FoundValue> FoundByJobs(this MaeLabDb db, IReadOnlyCollection<Guid> runIds, string series) =>
        db.CompletedJobs().Where(job => runIds.Contains(job.SubjectRunId!.Value))
            .Join(db.MetricSummaries.Where(summary => summary.Name == series), job => job.Id, summary => summary.RunId, (job, summary) => new FoundValue(
                job.SubjectRunId!.Value, job.CheckpointStep!.Value, summary.Last));

    /// <summary>The jobs that count.</summary>
    public static IQueryable<RunRow> CompletedJobs(this MaeLabDb db) => db.Jobs().Where(job => job.SubjectRunId != null && job.State == RunState.Completed);
}
