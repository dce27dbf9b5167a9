using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace MaeLab.Storage;

/// <summary>Brings a database to the newest schema. Safe when several processes start at once: one works, the others wait.</summary>
public static class DatabaseMigrator
{
    // The letters "MaeLab" as a number: any constant will do, as long as it stays the same.
    private const long AdvisoryLock = 0x4D61654C6162;

    private static readonly TimeSpan s_lockPoll = TimeSpan.FromMilliseconds(100);

    /// <exception cref="NewerDatabaseException">The database is newer than this program.</exception>
    public static async Task MigrateAsync(IDbContextFactory<MaeLabDb> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (db is PostgresDb)
        {
            await MigratePostgresAsync(db, cancellationToken);
        }
        else
        {
            await MigrateSqliteAsync(db, cancellationToken);
        }
    }

    /// <returns>False while a migration is still to come.</returns>
    /// <exception cref="NewerDatabaseException">The database is newer than this program.</exception>
    public static async Task<bool> IsMigratedAsync(IDbContextFactory<MaeLabDb> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await RefuseNewerAsync(db, cancellationToken);
        return !(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
    }

    /// <summary>Asks a database that was migrated when the program started: another program may have changed it since.</summary>
    /// <returns>What is wrong with its schema; null where it is the one that this program knows.</returns>
    public static async Task<string?> ProblemAsync(IDbContextFactory<MaeLabDb> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var applied = (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        return UnknownOf(db, applied) is { Count: > 0 } unknown ? new NewerDatabaseException(unknown).Message
            : db.Database.GetMigrations().Except(applied).ToList() is { Count: > 0 } pending
                ? $"Migrations are pending: {string.Join(", ", pending)}. The scheduler makes them when it starts."
            : null;
    }

    private static async Task MigratePostgresAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (!await creator.ExistsAsync(cancellationToken))
        {
            try
            {
                await creator.CreateAsync(cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another process was faster.
            }
        }

        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            // A lock of the session: released with the connection, should the process die.
            await db.Database.ExecuteSqlAsync($"select pg_advisory_lock({AdvisoryLock})", cancellationToken);
            await ApplyAsync(db, cancellationToken);
        }
        finally
        {
            // The pool keeps the session (see DatabaseFactory), and with it the lock.
            if (db.Database.GetDbConnection().State == ConnectionState.Open)
            {
                await db.Database.ExecuteSqlAsync($"select pg_advisory_unlock({AdvisoryLock})", CancellationToken.None);
            }

            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task MigrateSqliteAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        var path = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
        }

        await using var alone = await LockFileAsync(path + ".migrating", cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
            // EF's own lock is a row that a killed process leaves behind, and every later start would wait for it for
            // ever. Whoever holds the file is alone, so such a row is always an abandoned one.
            await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
            await ApplyAsync(db, cancellationToken);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task ApplyAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        await RefuseNewerAsync(db, cancellationToken);

        // Where there is nothing to do no right to do it is needed: a service may be no owner of the tables.
        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
        {
            await db.Database.MigrateAsync(cancellationToken);
        }
    }

    private static async Task RefuseNewerAsync(MaeLabDb db, CancellationToken cancellationToken)
    {
        var applied = await db.Database.GetAppliedMigrationsAsync(cancellationToken);
        if (UnknownOf(db, applied) is { Count: > 0 } unknown)
        {
            throw new NewerDatabaseException(unknown);
        }
    }

    private static List<string> UnknownOf(MaeLabDb db, IEnumerable<string> applied) => [.. applied.Except(db.Database.GetMigrations())];

    private static async Task<FileStream> LockFileAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (ProcessLock.TryOpen(path) is { } file)
            {
                return file;
            }

            await Task.Delay(s_lockPoll, cancellationToken);
        }
    }
}
