using MaeLab.Contracts.Commands;
using MaeLab.Storage;
using MaeLab.Storage.Runs;
using MaeLab.Web.Access;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Run;

/// <summary>What became of a wish about many runs.</summary>
/// <param name="Sent">How many it was sent for; those to which it does not apply are left out.</param>
/// <param name="Complete">False: the broker did not take all of it.</param>
public sealed record BulkOutcome(int Sent, bool Complete);

/// <summary>Wishes about many runs at once, sent to the scheduler.</summary>
public sealed class RunBulk(CommandSender commands, IDbContextFactory<MaeLabDb> databases, RunControl control)
{
    /// <summary>Ids of one message or query.</summary>
    private const int Portion = 1000;

    /// <param name="action">Runs to whose state it does not apply are left alone.</param>
    public async Task<BulkOutcome> ControlAsync(IReadOnlyList<Guid> runIds, RunAction action, Actor actor, CancellationToken cancellationToken)
    {
        var sent = 0;
        foreach (var portion in runIds.Chunk(Portion))
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var states = await db.Runs.Where(run => portion.Contains(run.Id))
                .ToDictionaryAsync(run => run.Id, run => new { run.State, run.StopIntent }, cancellationToken);
            var possible = portion.Where(id => states.TryGetValue(id, out var run) && RunControl.IsPossible(run.State, run.StopIntent, action)).ToList();
            var taken = await control.PublishAsync(possible, action, actor, cancellationToken);
            sent += taken;
            if (taken < possible.Count)
            {
                return new(sent, false);
            }
        }

        return new(sent, true);
    }

    /// <returns>How many of the runs are not over, and so must be cancelled before they can be deleted.</returns>
    public async Task<int> CountOpenAsync(IReadOnlyList<Guid> runIds, CancellationToken cancellationToken)
    {
        var open = 0;
        foreach (var portion in runIds.Chunk(Portion))
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            open += await db.Runs.WhereOpen().CountAsync(run => portion.Contains(run.Id), cancellationToken);
        }

        return open;
    }

    public Task<bool> DeleteAsync(IReadOnlyList<Guid> runIds, Actor actor, CancellationToken cancellationToken) =>
        PublishAsync(actor, runIds, portion => new DeleteRuns(portion, actor.Name), cancellationToken);

    public Task<bool> RestoreAsync(IReadOnlyList<Guid> runIds, Actor actor, CancellationToken cancellationToken) =>
        PublishAsync(actor, runIds, portion => new RestoreRuns(portion, actor.Name), cancellationToken);

    /// <returns>Whether there is such a run and it was deleted; null where there is none.</returns>
    public async Task<bool?> IsDeletedAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Runs.IgnoreQueryFilters().Where(run => run.Id == runId).Select(run => (bool?)(run.DeletedAt != null)).SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<bool> PublishAsync<T>(Actor actor, IReadOnlyList<Guid> runIds, Func<Guid[], T> command, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var portion in runIds.Chunk(Portion))
        {
            if (!await commands.SendAsync(actor, command(portion), cancellationToken))
            {
                return false;
            }
        }

        return true;
    }
}
