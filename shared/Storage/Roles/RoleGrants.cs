using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Roles;

/// <summary>
/// Makes the roles of PostgreSQL and gives each the least it can work with: to read everything but the secrets of others and to write its own tables. Needs
/// the owner of the tables, with CREATEROLE. May be repeated, and has to be once there are new tables.
/// </summary>
public static class RoleGrants
{
    /// <summary>
    /// The fence locks a run's row (SELECT ... FOR SHARE), which PostgreSQL allows only to who may change some column of it:
    /// this one is a copy of what the runner reports anyway.
    /// </summary>
    private const string LockedBy = nameof(RunRow.ImagesPerSecond);

    /// <param name="passwords">Roles that are not named are left as they are.</param>
    /// <exception cref="InvalidOperationException">The database is no PostgreSQL: SQLite has no roles.</exception>
    public static async Task ApplyAsync(
        IDbContextFactory<MaeLabDb> databases, IReadOnlyDictionary<DatabaseRole, string> passwords, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (db is not PostgresDb)
        {
            throw new InvalidOperationException("Only PostgreSQL has roles; leave their passwords out of the settings.");
        }

        // All or nothing: no moment at which a service that runs has no rights.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var (role, password) in passwords)
        {
            await CreateAsync(db, DatabaseRoles.NameOf(role), password, cancellationToken);
            foreach (var grant in GrantsOf(db, role))
            {
                await db.Database.ExecuteSqlRawAsync(grant, cancellationToken);
            }
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CreateAsync(MaeLabDb db, string name, string password, CancellationToken cancellationToken)
    {
        var exists = await db.Database.SqlQuery<bool>($"""SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) AS "Value" """).SingleAsync(cancellationToken);
        var verb = exists ? "ALTER" : "CREATE";
        // Neither takes parameters; the server quotes what it is to be told.
        var statement = await db.Database.SqlQuery<string>($"""SELECT {verb} || format(' ROLE %I LOGIN PASSWORD %L', {name}, {password}) AS "Value" """).SingleAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(statement.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal), cancellationToken);
    }

    private static IEnumerable<string> GrantsOf(MaeLabDb db, DatabaseRole role)
    {
        var name = DatabaseRoles.NameOf(role);
        yield return $"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}";
        yield return $"GRANT USAGE ON SCHEMA public TO {name}";
        yield return $"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}";
        foreach (var table in DatabaseRoles.Secrets.Where(row => !DatabaseRoles.MayRead(role, row)).Select(row => TableOf(db, row)))
        {
            yield return $"REVOKE ALL ON {table} FROM {name}";
        }

        foreach (var table in DatabaseRoles.Writers.Where(entry => entry.Value == role).Select(entry => TableOf(db, entry.Key)))
        {
            yield return $"GRANT INSERT, UPDATE, DELETE ON {table} TO {name}";
        }

        if (role == DatabaseRole.Runner)
        {
            var column = db.Model.FindEntityType(typeof(RunRow))!.FindProperty(LockedBy)!.GetColumnName();
            yield return $"GRANT UPDATE ({column}) ON {TableOf(db, typeof(RunRow))} TO {name}";
        }
    }

    private static string TableOf(MaeLabDb db, Type row) => db.Model.FindEntityType(row)!.GetTableName()!;
}
