using MaeLab.Domain.Accounts;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Web.Access;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Annotations;

/// <summary>Tags, notes and what is archived. Web's own table: it is written here alone.</summary>
public sealed class AnnotationStore(IDbContextFactory<MaeLabDb> databases, ChangeGate gate, AuditLog audit)
{
    /// <summary>Rows of one transaction.</summary>
    private const int Portion = 1000;

    public async Task<Annotation> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Annotations.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is { } row
            ? new(row.Tags, row.Archived, row.Note)
            : Annotation.None;
    }

    /// <summary>All tags of runs, in alphabetical order.</summary>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        // Taken apart here: SQLite cannot.
        var sets = await db.Annotations.Where(row => row.RunId != null).Select(row => row.Tags).Distinct().ToListAsync(cancellationToken);
        return [.. sets.SelectMany(tags => tags).Distinct().Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Changes what is said of runs; those that are gone are left out.</summary>
    /// <returns>How many runs there were.</returns>
    public async Task<int> ChangeRunsAsync(Actor actor, IReadOnlyList<Guid> runIds, Func<Annotation, Annotation> change, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Researcher, cancellationToken);
        var changed = 0;
        foreach (var portion in runIds.Chunk(Portion))
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var ids = await db.Runs.Where(run => portion.Contains(run.Id)).Select(run => run.Id).ToListAsync(cancellationToken);
            await ChangeAsync(actor, "AnnotateRuns", $"runs {AuditLog.Words(ids)}", [.. ids.Select(id => new AnnotationRow { Id = id, RunId = id })], change, cancellationToken);
            changed += ids.Count;
        }

        return changed;
    }

    public async Task ChangeExperimentAsync(Actor actor, Guid experimentId, Func<Annotation, Annotation> change, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Researcher, cancellationToken);
        await ChangeAsync(actor, "AnnotateExperiment", $"experiment {experimentId}", [new() { Id = experimentId, ExperimentId = experimentId }], change, cancellationToken);
    }

    /// <param name="fresh">The rows as they are where there are none yet.</param>
    private async Task ChangeAsync(
        Actor actor, string action, string subject, IReadOnlyList<AnnotationRow> fresh, Func<Annotation, Annotation> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var ids = fresh.Select(row => row.Id).ToList();
            var known = await db.Annotations.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken);
            var changed = new HashSet<string>();
            foreach (var row in fresh)
            {
                var own = known.GetValueOrDefault(row.Id) ?? db.Annotations.Add(new() { Id = row.Id, RunId = row.RunId, ExperimentId = row.ExperimentId }).Entity;
                var next = change(new(own.Tags, own.Archived, own.Note));
                changed.UnionWith(Differences(own, next));
                (own.Tags, own.Archived, own.Note) = ([.. next.Tags.Distinct().Order(StringComparer.OrdinalIgnoreCase)], next.Archived, next.Note);
            }

            if (changed.Count > 0)
            {
                audit.Add(db, actor, action, $"{subject}: {string.Join(", ", changed)}");
            }

            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException) when (known.Count < fresh.Count)
            {
                // Somebody else was the first to say something of one of them; then that is there to be changed.
                if (await db.Annotations.CountAsync(row => ids.Contains(row.Id), cancellationToken) == known.Count)
                {
                    throw;
                }
            }
        }
    }

    private static IEnumerable<string> Differences(AnnotationRow old, Annotation next)
    {
        foreach (var tag in next.Tags.Except(old.Tags))
        {
            yield return $"tagged {tag}";
        }

        foreach (var tag in old.Tags.Except(next.Tags))
        {
            yield return $"no longer tagged {tag}";
        }

        if (old.Archived != next.Archived)
        {
            yield return next.Archived ? "archived" : "no longer archived";
        }

        if (old.Note != next.Note)
        {
            yield return next.Note is null ? "note deleted" : "note written";
        }
    }
}
