using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Testing.Databases;

/// <summary>Rows that others hang on, as the scheduler would write them.</summary>
public static class SampleRuns
{
    public static DateTimeOffset Noon { get; } = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static ExperimentRow Experiment() => new()
    {
        Id = Guid.CreateVersion7(),
        Name = "sample",
        Tags = ["mae", "test"],
        Definition = "{}",
        Axes = "[]",
        RunCount = 1,
        SubmittedBy = "tester",
        CreatedAt = Noon,
    };

    public static RunRow Run(Guid experimentId, int index = 0) => new()
    {
        Id = Guid.CreateVersion7(),
        ExperimentId = experimentId,
        Index = index,
        Levels = "{}",
        Recipe = "{}",
        MaskRatio = 0.75,
        PatchSize = 4,
        Dataset = "fashion-mnist-sample",
        State = RunState.Queued,
        CreatedAt = Noon,
        NotBefore = Noon,
    };

    /// <summary>A run in its first attempt.</summary>
    public static async Task<Guid> AddRunAsync(this TestDatabase database, CancellationToken cancellationToken)
    {
        await using var db = database.Open();
        var experiment = Experiment();
        var run = Run(experiment.Id);
        db.AddRange(experiment, run);
        await db.SaveChangesAsync(cancellationToken);
        await database.BeginAttemptAsync(run.Id, 1, restoreStep: 0, cancellationToken);
        return run.Id;
    }

    /// <summary>Gives the run to a new attempt: earlier ones lose the fence.</summary>
    public static async Task BeginAttemptAsync(
        this TestDatabase database, Guid runId, int number, long restoreStep, CancellationToken cancellationToken)
    {
        await using var db = database.Open();
        var run = await db.Runs.SingleAsync(r => r.Id == runId, cancellationToken);
        run.Attempt = number;
        db.RunAttempts.Add(new RunAttemptRow
        {
            RunId = runId,
            Number = number,
            RunnerId = Guid.CreateVersion7(),
            AssignedAt = Noon,
            LeaseUntil = Noon.AddMinutes(1),
            RestoreStep = restoreStep,
        });
        await db.SaveChangesAsync(cancellationToken);
    }
}
