using MaeLab.Domain;
using MaeLab.Domain.Accounts;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using MaeLab.Web.Access;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Views;

/// <summary>Saved views. Web's own table: it is written here alone.</summary>
public sealed class SavedViewStore(IDbContextFactory<MaeLabDb> databases, ChangeGate gate, AuditLog audit, TimeProvider time)
{
    /// <summary>As the column has it.</summary>
    public const int LongestName = 200;

    public const int LongestQuery = 8000;

    /// <summary>By name.</summary>
    public async Task<IReadOnlyList<SavedView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var views = await db.SavedViews.AsNoTracking().Select(row => new SavedView(row.Id, row.Name, row.Query, row.CreatedAt)).ToListAsync(cancellationToken);
        return [.. views.OrderBy(view => view.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public async Task<SavedView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SavedViews.Where(row => row.Id == id).Select(row => new SavedView(row.Id, row.Name, row.Query, row.CreatedAt)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <returns>The view; null where another one has the name.</returns>
    public async Task<SavedView?> AddAsync(Actor actor, string name, string query, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Researcher, cancellationToken);
        var row = new SavedViewRow { Id = Guid.CreateVersion7(), Name = name, Query = query, CreatedAt = time.GetUtcNow() };
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.SavedViews.Add(row);
        audit.Add(db, actor, "AddView", name);
        return await TrySaveAsync(db, row, cancellationToken) ? new(row.Id, name, query, row.CreatedAt) : null;
    }

    /// <param name="name">Null: as it is; so is the query.</param>
    /// <returns>False where another view has the name, or there is no such view (any more).</returns>
    public async Task<bool> ChangeAsync(Actor actor, Guid id, string? name, string? query, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Researcher, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SavedViews.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
        {
            return false;
        }

        audit.Add(db, actor, "ChangeView", name is null || name == row.Name ? row.Name : $"{row.Name}, now {name}");
        (row.Name, row.Query) = (name ?? row.Name, query ?? row.Query);
        return await TrySaveAsync(db, row, cancellationToken);
    }

    /// <returns>False where there is no such view (any more).</returns>
    public async Task<bool> DeleteAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Researcher, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.SavedViews.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } row)
        {
            return false;
        }

        db.SavedViews.Remove(row);
        audit.Add(db, actor, "DeleteView", row.Name);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else was quicker.
            return false;
        }
    }

    public static IEnumerable<FieldError> Check(string? name, string? query)
    {
        if (name is not null && (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl)))
        {
            yield return new("name", $"A view must have a name of 1 to {LongestName} characters, on one line.");
        }

        if (query is not null && (query.Length > LongestQuery || query.Any(char.IsControl)))
        {
            yield return new("query", $"The query of an address has {LongestQuery:#,0} characters at most, and no control characters.");
        }
    }

    private static async Task<bool> TrySaveAsync(MaeLabDb db, SavedViewRow row, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // By the unique index; anything else is no matter of the name.
            if (await db.SavedViews.AnyAsync(other => other.Name == row.Name && other.Id != row.Id, cancellationToken))
            {
                return false;
            }

            throw;
        }
    }
}
