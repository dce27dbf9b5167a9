using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Access;

/// <summary>Who asked for what. Rows are only ever added.</summary>
public sealed class AuditLog(IDbContextFactory<MaeLabDb> databases, TimeProvider time)
{
    /// <summary>Ids named in one entry; of more it says how many.</summary>
    private const int MostNamed = 20;

    /// <param name="action">A word such as <c>DeleteRuns</c>.</param>
    /// <param name="subject">What it was done to.</param>
    public async Task WriteAsync(Actor actor, string action, string? subject, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.AuditEntries.Add(new() { Id = Guid.CreateVersion7(), At = time.GetUtcNow(), UserId = actor.UserId, Actor = actor.Name, Action = action, Subject = subject });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Ids as a subject.</summary>
    public static string Words(IReadOnlyList<Guid> ids) =>
        string.Join(", ", ids.Take(MostNamed)) + (ids.Count > MostNamed ? $" and {ids.Count - MostNamed} more" : "");
}
