using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Checkpoints;

/// <summary>
/// Where the evaluations of a run stand that train after its last step: stored as checkpoints are, of <see cref="CheckpointKind.Evaluation"/>,
/// the newest alone. <see cref="Runs.RunResultStore.SaveOutcomeAsync"/> removes it once the run has completed.
/// </summary>
public sealed class EvaluationStateStore(IDbContextFactory<MaeLabDb> databases, CheckpointStore checkpoints)
{
    /// <summary>Stores a state, in place of those before it.</summary>
    /// <param name="number">Rises with every state of the run.</param>
    /// <exception cref="FenceLostException">A newer attempt owns the run.</exception>
    /// <inheritdoc cref="CheckpointStore.SaveAsync(Guid, Guid, int, long, double, bool, Stream, CancellationToken)"/>
    public async Task SaveAsync(Guid id, Guid runId, int attempt, long step, double number, Stream content, CancellationToken cancellationToken)
    {
        await checkpoints.SaveAsync(
            new() { Id = id, RunId = runId, Attempt = attempt, Step = step, Epoch = number, Kind = CheckpointKind.Evaluation }, content, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var fence = await Fence.BeginAsync(db, runId, attempt, cancellationToken);
        await Of(db, runId).Where(state => state.Id != id).ExecuteDeleteAsync(cancellationToken);
        await fence.CommitAsync(cancellationToken);
    }

    /// <param name="step">Of the checkpoint that the run goes on from: a state of another step is none of it.</param>
    /// <returns>The newest; null where there is none.</returns>
    public async Task<Guid?> FindAsync(Guid runId, long step, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Of(db, runId).Where(state => state.Step == step && state.Complete)
            .OrderByDescending(state => state.Attempt).ThenByDescending(state => state.Epoch)
            .Select(state => (Guid?)state.Id).FirstOrDefaultAsync(cancellationToken);
    }

    internal static IQueryable<CheckpointRow> Of(MaeLabDb db, Guid runId) =>
        db.CheckpointsAndStates.Where(row => row.RunId == runId && row.Kind == CheckpointKind.Evaluation);
}
