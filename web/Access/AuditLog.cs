using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Access;

/// <param name="Actor">As they were called then; with the name of their token, where a program asked.</param>
/// <param name="Action">A word such as CancelRun.</param>
/// <param name="Subject">What it was done to.</param>
public sealed record AuditEntry(Guid Id, DateTimeOffset At, string Actor, string Action, string? Subject);

/// <summary>Who asked for what. Rows are only ever added.</summary>
public sealed class AuditLog(IDbContextFactory<MaeLabDb> databases, TimeProvider time)
{
    public const string SignIn = nameof(SignIn);

    /// <summary>Ids named in one entry; of more it says how many.</summary>
    private const int MostNamed = 20;

    private long _lastMilliseconds;

    /// <param name="action">A word such as <c>DeleteRuns</c>.</param>
    /// <param name="subject">What it was done to.</param>
    public Task WriteAsync(Actor actor, string action, string? subject, CancellationToken cancellationToken) =>
        WriteAsync(actor, [(action, subject)], cancellationToken);

    /// <summary>Several things at once.</summary>
    /// <inheritdoc cref="WriteAsync(Actor, string, string?, CancellationToken)"/>
    public async Task WriteAsync(Actor actor, IEnumerable<(string Action, string? Subject)> done, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var (action, subject) in done)
        {
            Add(db, actor, action, subject);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Stored along with the change itself: neither is there without the other.</summary>
    public void Add(MaeLabDb db, Actor actor, string action, string? subject) =>
        db.AuditEntries.Add(new() { Id = NextId(), At = time.GetUtcNow(), UserId = actor.UserId, Actor = actor.Name, Action = action, Subject = subject });

    /// <summary>By time, and of one millisecond in the order of asking: ids are what the log is sorted by.</summary>
    private Guid NextId()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        long last, next;
        do
        {
            last = Volatile.Read(ref _lastMilliseconds);
            next = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref _lastMilliseconds, next, last) != last);

        return Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(next));
    }

    /// <summary>Newest first.</summary>
    /// <param name="before">The last id of the page before; null: from the newest.</param>
    /// <returns>The entries, and whether there are older ones.</returns>
    public async Task<(IReadOnlyList<AuditEntry> Entries, bool More)> ListAsync(Guid? before, int limit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.AuditEntries.Where(entry => before == null || entry.Id < before).OrderByDescending(entry => entry.Id).Take(limit + 1)
            .Select(entry => new AuditEntry(entry.Id, entry.At, entry.Actor, entry.Action, entry.Subject)).ToListAsync(cancellationToken);
        return (rows.Count > limit ? rows[..limit] : rows, rows.Count > limit);
    }

    /// <summary>Ids as a subject.</summary>
    public static string Words(IReadOnlyList<Guid> ids) =>
        string.Join(", ", ids.Take(MostNamed)) + (ids.Count > MostNamed ? $" and {ids.Count - MostNamed} more" : "");
}
