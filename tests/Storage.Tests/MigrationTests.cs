using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests;

public abstract class MigrationTests(ITestDatabases databases)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_creates_a_missing_database_with_every_table()
    {
        await using var database = await databases.CreateMissingDatabaseAsync(Token);

        await DatabaseMigrator.MigrateAsync(database.Contexts, Token);

        await using var db = database.Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Token));
        Assert.Empty(await db.Experiments.ToListAsync(Token));
        Assert.Empty(await db.AttemptOutcomes.ToListAsync(Token));
    }

    [Fact]
    public async Task Migrate_by_several_processes_at_once_succeeds_for_all()
    {
        await using var database = await databases.CreateMissingDatabaseAsync(Token);

        // A factory each, as if in processes of their own.
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            Task.Run(() => DatabaseMigrator.MigrateAsync(DatabaseFactory.Create(database.Options), Token), Token)));

        await using var db = database.Open();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync(Token));
    }

    [Fact]
    public async Task Migrate_a_database_newer_than_the_program_fails_and_names_the_migration()
    {
        await using var database = await databases.CreateDatabaseAsync(Token);
        await using (var db = database.Open())
        {
            await db.Database.ExecuteSqlRawAsync(
                """INSERT INTO "__EFMigrationsHistory" VALUES ('20991231000000_FromTheFuture', '99.0.0')""", Token);
        }

        var failure = await Assert.ThrowsAsync<NewerDatabaseException>(() => DatabaseMigrator.MigrateAsync(database.Contexts, Token));

        Assert.Equal(failure.Message, (await Assert.ThrowsAsync<NewerDatabaseException>(() => DatabaseMigrator.IsMigratedAsync(database.Contexts, Token))).Message);
        Assert.Equal(failure.Message, await DatabaseMigrator.ProblemAsync(database.Contexts, Token));
        Assert.Contains("newer than this program", failure.Message, StringComparison.Ordinal);
        Assert.Contains("20991231000000_FromTheFuture", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_say_all_that_the_model_says()
    {
        await using var database = await databases.CreateDatabaseAsync(Token);
        await using var db = database.Open();

        Assert.False(db.Database.HasPendingModelChanges(), "Add a migration to both contexts: the command is in the remarks of PostgresDb and SqliteDb.");
    }
}

public sealed class MigrationsOnPostgres(PostgresServer server) : MigrationTests(server);

public sealed class MigrationsOnSqlite(SqliteFiles files) : MigrationTests(files)
{
    private readonly SqliteFiles _files = files;

    [Fact]
    public async Task Migrate_goes_past_the_lock_that_a_killed_process_left_behind()
    {
        var token = TestContext.Current.CancellationToken;
        await using var database = await _files.CreateDatabaseAsync(token);
        await using (var db = database.Open())
        {
            await db.Database.ExecuteSqlRawAsync(
                """INSERT INTO "__EFMigrationsLock" ("Id", "Timestamp") VALUES (1, '2026-01-01')""", token);
        }

        await DatabaseMigrator.MigrateAsync(database.Contexts, token).WaitAsync(TimeSpan.FromSeconds(30), token);
    }
}
