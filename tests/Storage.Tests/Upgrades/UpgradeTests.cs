using MaeLab.Domain.Runs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace MaeLab.Storage.Tests.Upgrades;

/// <summary>A database with rows in it moves on to the next version.</summary>
public abstract class UpgradeTests(ITestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task Lines_logged_before_lines_had_numbers_are_kept_and_numbered()
    {
        await using var db = Database.Open();
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync("Initial", Token);
        foreach (var text in new[] { "one", "two" })
        {
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO run_logs (run_id, attempt, at, level, text) SELECT id, 1, created_at, 'info', {text} FROM runs", Token);
        }

        await DatabaseMigrator.MigrateAsync(Database.Contexts, Token);

        var lines = await db.RunLogs.OrderBy(line => line.Sequence).ToListAsync(Token);
        Assert.Equal(["one", "two"], lines.Select(line => line.Text));
        Assert.Equal(2, lines.Select(line => line.Sequence).Distinct().Count());
    }

    [Fact]
    public async Task Runs_of_a_version_without_jobs_are_kept_with_what_hangs_on_them_and_train()
    {
        var runId = await Database.AddRunAsync(Token);
        await using var db = Database.Open();
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync("RunsTable", Token);

        await DatabaseMigrator.MigrateAsync(Database.Contexts, Token);

        var run = await db.Runs.SingleAsync(run => run.Id == runId, Token);
        Assert.Equal((runId, RunKind.Training, null), (run.Id, run.Kind, run.SubjectRunId));
        Assert.Equal(runId, (await db.RunAttempts.SingleAsync(attempt => attempt.RunId == runId, Token)).RunId);
    }
}

public sealed class UpgradeOnPostgres(PostgresServer server) : UpgradeTests(server);

public sealed class UpgradeOnSqlite(SqliteFiles files) : UpgradeTests(files);
