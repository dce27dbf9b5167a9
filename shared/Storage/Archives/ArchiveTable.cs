using System.Collections.Frozen;
using MaeLab.Storage.Model;

namespace MaeLab.Storage.Archives;

/// <summary>One table of an archive.</summary>
/// <param name="Row">The type of its rows.</param>
/// <param name="Select">The rows of one experiment, always in the same order. No text decides it: databases sort text differently.</param>
internal sealed record ArchiveTable(Type Row, Func<MaeLabDb, Guid, CheckpointChoice, IQueryable<object>> Select)
{
    /// <summary>Tables that hang on an experiment and yet have no rows in an archive: a checkpoint is a file of its own there, and webhooks are of the laboratory.</summary>
    public static readonly IReadOnlyList<Type> LeftOut = [typeof(CheckpointChunkRow), typeof(WebhookRow), typeof(WebhookDeliveryRow)];

    /// <summary>Columns that are of the laboratory and not of the experiment; an imported row has those of a new one.</summary>
    public static readonly FrozenDictionary<Type, string[]> ColumnsLeftOut = new Dictionary<Type, string[]>
    {
        // Its turn in the queue, and what a client of this API called it.
        [typeof(ExperimentRow)] = [nameof(ExperimentRow.Turn), nameof(ExperimentRow.IdempotencyKey)],
        // What changes with every report: the same experiment is to give the same archive.
        [typeof(RunnerRow)] = [nameof(RunnerRow.Draining), nameof(RunnerRow.LastSeenAt), nameof(RunnerRow.ProcessStartedAt), nameof(RunnerRow.LastSequence)],
    }.ToFrozenDictionary();

    /// <summary>A table comes after those that its rows refer to. Deleted runs stay out (the query filter of runs).</summary>
    public static readonly IReadOnlyList<ArchiveTable> All =
    [
        new(typeof(ExperimentRow), (db, id, _) => db.Experiments.Where(experiment => experiment.Id == id)),
        new(typeof(RunnerRow), (db, id, _) => db.Runners
            .Where(runner => db.RunAttempts.Any(attempt => attempt.RunnerId == runner.Id && Runs(db, id).Any(run => run.Id == attempt.RunId)))
            .OrderBy(runner => runner.Id)),
        // A job of theory probes comes after the run it looks at.
        new(typeof(RunRow), (db, id, _) => Runs(db, id).OrderBy(run => run.SubjectRunId != null).ThenBy(run => run.Index).ThenBy(run => run.Id)),
        new(typeof(RunAttemptRow), (db, id, _) =>
            from run in Runs(db, id)
            join attempt in db.RunAttempts on run.Id equals attempt.RunId
            orderby run.Index, run.Id, attempt.Number
            select attempt),
        new(typeof(AttemptOutcomeRow), (db, id, _) =>
            from run in Runs(db, id)
            join outcome in db.AttemptOutcomes on run.Id equals outcome.RunId
            orderby run.Index, run.Id, outcome.Attempt
            select outcome),
        new(typeof(SeriesRow), (db, id, _) =>
            from run in Runs(db, id)
            join series in db.Series on run.Id equals series.RunId
            orderby run.Index, run.Id, series.Id
            select series),
        new(typeof(MetricChunkRow), (db, id, _) =>
            from run in Runs(db, id)
            join series in db.Series on run.Id equals series.RunId
            join chunk in db.MetricChunks on series.Id equals chunk.SeriesId
            orderby run.Index, run.Id, series.Id, chunk.Attempt, chunk.FirstStep
            select chunk),
        new(typeof(MetricSummaryRow), (db, id, _) =>
            from run in Runs(db, id)
            join series in db.Series on run.Id equals series.RunId
            join summary in db.MetricSummaries on series.Id equals summary.SeriesId
            orderby run.Index, run.Id, series.Id
            select summary),
        new(typeof(PointLedgerRow), (db, id, _) =>
            from run in Runs(db, id)
            join ledger in db.PointLedgers on run.Id equals ledger.RunId
            orderby run.Index, run.Id, ledger.Attempt
            select ledger),
        new(typeof(ProbeResultRow), (db, id, _) =>
            from run in Runs(db, id)
            join result in db.ProbeResults on run.Id equals result.RunId
            orderby run.Index, run.Id, result.Attempt, result.Step, result.Id
            select result),
        new(typeof(ImageRow), (db, id, _) =>
            from run in Runs(db, id)
            join image in db.Images on run.Id equals image.RunId
            orderby run.Index, run.Id, image.Attempt, image.Step, image.Id
            select image),
        new(typeof(CheckpointRow), (db, id, choice) =>
            from run in Runs(db, id)
            join checkpoint in db.Checkpoints on run.Id equals checkpoint.RunId
            where checkpoint.Complete && choice != CheckpointChoice.None && (choice == CheckpointChoice.All || checkpoint.Final)
            orderby run.Index, run.Id, checkpoint.Step, checkpoint.Attempt, checkpoint.Id
            select checkpoint),
        new(typeof(RunLogRow), (db, id, _) =>
            from run in Runs(db, id)
            join line in db.RunLogs on run.Id equals line.RunId
            orderby run.Index, run.Id, line.Id
            select line),
        new(typeof(AnnotationRow), (db, id, _) => db.Annotations
            .Where(annotation => annotation.ExperimentId == id || Runs(db, id).Any(run => run.Id == annotation.RunId))
            .OrderBy(annotation => annotation.Id)),
    ];

    /// <summary>The jobs of a deleted run stay out with it.</summary>
    private static IQueryable<RunRow> Runs(MaeLabDb db, Guid experimentId) => db.RunsAndJobs
        .Where(run => run.ExperimentId == experimentId && (run.SubjectRunId == null || db.Runs.Any(subject => subject.Id == run.SubjectRunId)));
}
