using MaeLab.Contracts.Commands;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Runner.Execution;

/// <summary>What there is to do, as the database says. The message only named it.</summary>
/// <param name="RestoreStep">Step of the checkpoint to go on from, or to examine; 0: from the beginning.</param>
internal sealed record AttemptOrder(
    Guid RunId, Guid ExperimentId, int Attempt, Guid RunnerId, Recipe Recipe, long RestoreStep, Guid? RestoreCheckpointId, RunKind Kind = RunKind.Training)
{
    /// <returns>Null where the attempt is not, or no longer, in the hands of this runner.</returns>
    public static async Task<AttemptOrder?> LoadAsync(IDbContextFactory<MaeLabDb> databases, StartRun start, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var run = await db.RunsAndJobs.AsNoTracking().SingleOrDefaultAsync(row => row.Id == start.RunId, cancellationToken);
        if (run is null || run.Attempt != start.Attempt || run.RunnerId != start.RunnerId || !run.State.IsActive())
        {
            return null;
        }

        var attempt = await db.RunAttempts.AsNoTracking()
            .SingleAsync(row => row.RunId == start.RunId && row.Number == start.Attempt, cancellationToken);
        return new(
            run.Id, run.ExperimentId, run.Attempt, start.RunnerId, RecipeJson.Read(run.Recipe), attempt.RestoreStep, attempt.RestoreCheckpointId, run.Kind);
    }
}
