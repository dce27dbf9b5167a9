using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Storage.Roles;
using MaeLab.Storage.Runs;
using MaeLab.Storage.Tests.Roles;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MaeLab.Storage.Tests;

/// <summary>All of MaeLab is in its database, so that <c>pg_dump</c> is the backup.</summary>
[Collection(RoleGrantsTests.Roles)]
public sealed class BackupTests(PostgresServer server) : DatabaseTests(server), IDisposable
{
    private readonly PostgresServer _server = server;
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-backup-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Restored_dump_has_every_row_and_goes_on()
    {
        await FillAsync();
        var dump = Path.Combine(_folder, "maelab.dump");
        await PostgresTool.RunAsync("pg_dump", Database.Options, ["--format=custom", $"--file={dump}"], Token);
        await using var restored = await _server.CreateEmptyDatabaseAsync(Token);
        await PostgresTool.RunAsync("pg_restore", restored.Options, ["--exit-on-error", $"--dbname={await NameAsync(restored)}", dump], Token);

        var before = await ContentAsync(Database);
        Assert.All(before.Where(table => table.Name != "runners"), table => Assert.NotEqual(0, table.Rows));
        Assert.Equal(before, await ContentAsync(restored));

        Assert.True(await DatabaseMigrator.IsMigratedAsync(restored.Contexts, Token));
        Assert.Equal(1000, (await new MetricReader(restored.Contexts).ReadPointsAsync(Run, SeriesNames.TrainLoss, -1, int.MaxValue, Token)).Count);
        var checkpoints = new CheckpointStore(restored.Contexts, TimeProvider.System);
        using var content = new MemoryStream();
        await checkpoints.CopyToAsync(Assert.Single(await checkpoints.ListAsync(Run, Token)).Id, content, Token);
        Assert.Equal(Content(), content.ToArray());

        // New ids do not begin anew.
        var writer = await MetricWriter.OpenAsync(restored.Contexts, Run, 1, restoreStep: 0, Token);
        writer.Add([new("train/another", 1, 1), new(SeriesNames.TrainLoss, 1001, 1)]);
        await writer.FlushAsync(Token);
        await new RunResultStore(restored.Contexts).AddLogsAsync(Run, 1, [new() { Sequence = 9, Level = "info", Text = "more" }], Token);
    }

    /// <summary>By the commands of compose/README.md: over what the stack of a newer release has made at its first start.</summary>
    [Fact]
    public async Task Dump_is_restored_as_documented_over_a_newer_database_and_the_services_have_their_rights()
    {
        var name = await NameAsync(Database);
        var dump = Path.Combine(_folder, "maelab.dump");
        await FillAsync();
        await GrantAsync();
        var before = await ContentAsync(Database);
        await PostgresTool.RunAsync("pg_dump", Database.Options, [.. Documented("pg_dump", name), $"--file={dump}"], Token);
        NpgsqlConnection.ClearAllPools();
        var server = new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = new NpgsqlConnectionStringBuilder(Database.Options.ConnectionString) { Database = "postgres" }.ConnectionString };
        await PostgresTool.RunAsync("dropdb", server, [name], Token);
        await DatabaseMigrator.MigrateAsync(Database.Contexts, Token);
        await GrantAsync();
        await using (var fresh = Database.Open())
        {
            fresh.Users.Add(new() { Name = "admin of the first start" });
            await fresh.SaveChangesAsync(Token);
            await fresh.Database.ExecuteSqlRawAsync("CREATE TABLE of_a_later_migration (run_id uuid REFERENCES runs)", Token);
        }

        NpgsqlConnection.ClearAllPools();
        await PostgresTool.RunAsync("pg_restore", server, [.. Documented("pg_restore", name), dump], Token);

        Assert.Equal(before, await ContentAsync(Database));
        Assert.True(await MayAsync("maelab_scheduler", "UPDATE runs SET state = state"));
        Assert.True(await MayAsync("maelab_web", "SELECT password_hash FROM users"));
        Assert.False(await MayAsync("maelab_runner", "SELECT password_hash FROM users"));
        Assert.False(await MayAsync("maelab_web", "UPDATE runs SET state = state"));
        Assert.False(await MayAsync("maelab_reader", "DELETE FROM annotations"));
    }

    /// <summary>What the README gives a tool, but for the names of the stack's owner and database.</summary>
    private static IEnumerable<string> Documented(string tool, string database)
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, "compose", "README.md")).Single(line => line.Contains($" postgres {tool} ", StringComparison.Ordinal));
        return line.Split($" {tool} ")[1].Split('<', '>')[0].Replace("-U maelab_owner", "", StringComparison.Ordinal)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(argument => argument == "maelab" ? database : argument);
    }

    private Task GrantAsync() => RoleGrants.ApplyAsync(Database.Contexts, Enum.GetValues<DatabaseRole>().ToDictionary(role => role, _ => "of the tests"), Token);

    private async Task<bool> MayAsync(string role, string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database.Options.ConnectionString) { Username = role, Password = "of the tests", Pooling = false }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            await command.ExecuteNonQueryAsync(Token);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }

    private static byte[] Content()
    {
        var content = new byte[(9 << 20) + 3];
        new Random(1).NextBytes(content);
        return content;
    }

    private static async Task<string> NameAsync(TestDatabase database)
    {
        await using var db = database.Open();
        return (await db.Database.SqlQuery<string>($"SELECT current_database()::text").ToListAsync(Token)).Single();
    }

    /// <summary>Of every table its name, the number of its rows and a sum over their content in any order.</summary>
    private static async Task<List<Table>> ContentAsync(TestDatabase database)
    {
        await using var db = database.Open();
        var names = await db.Database.SqlQuery<string>($"SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").ToListAsync(Token);
        var tables = new List<Table>();
        foreach (var name in names)
        {
            var sql = $"""SELECT '{name}' AS name, count(*)::int AS rows, md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) AS sum FROM "{name}" t""";
            tables.Add((await db.Database.SqlQueryRaw<Table>(sql).ToListAsync(Token)).Single());
        }

        return tables;
    }

    private async Task FillAsync()
    {
        var writer = await MetricWriter.OpenAsync(Database.Contexts, Run, 1, restoreStep: 0, Token);
        writer.Add(Enumerable.Range(1, 1000).Select(step => new MetricPoint(SeriesNames.TrainLoss, step, step == 7 ? double.NaN : 1.0 / step)));
        writer.Account(produced: 1003, dropped: 3);
        await writer.FlushAsync(Token);
        await new CheckpointStore(Database.Contexts, TimeProvider.System).SaveAsync(
            Guid.CreateVersion7(), Run, 1, step: 1000, epoch: 10, final: true, new MemoryStream(Content()), Token);
        var results = new RunResultStore(Database.Contexts);
        await results.AddLogsAsync(Run, 1, [new() { Sequence = 1, Level = "info", Text = "größer | 'so'\n\t\\" }], Token);
        await results.SaveEvaluationAsync(
            Run, 1, 1000,
            [new() { Id = Guid.CreateVersion7(), Kind = "masked", Png = Content()[..1000], CreatedAt = SampleRuns.Noon }],
            [new() { Id = Guid.CreateVersion7(), Probe = SeriesNames.LinearAccuracy, Value = 0.5, Details = "{}", CreatedAt = SampleRuns.Noon }],
            Token);
        await results.SaveOutcomeAsync(new() { RunId = Run, Attempt = 1, Outcome = AttemptOutcome.Completed, Step = 1000, EndedAt = SampleRuns.Noon }, Token);
        await using var db = Database.Open();
        db.Annotations.Add(new() { Id = Run, RunId = Run, Tags = ["paper", "größer"], Note = "**odd**" });
        db.SavedViews.Add(new() { Id = Guid.CreateVersion7(), Name = "failures", Query = "state=failed", CreatedAt = SampleRuns.Noon });
        var user = new UserRow { Name = "größer" };
        db.Users.Add(user);
        db.ApiTokens.Add(new() { Id = Guid.CreateVersion7(), UserId = user.Id, Name = "notebook", Hash = "0f" });
        db.AuditEntries.Add(new() { Id = Guid.CreateVersion7(), At = SampleRuns.Noon, Actor = "größer", Action = "DeleteRuns" });
        db.DataProtectionKeys.Add(new() { Name = "key-1", Xml = "<key />" });
        var hook = new WebhookRow { Id = Guid.CreateVersion7(), Url = "https://example.org", Secret = "a secret of the tests", Events = ["failed"], EnabledAt = SampleRuns.Noon, CreatedAt = SampleRuns.Noon };
        db.Webhooks.Add(hook);
        db.WebhookDeliveries.Add(new() { Id = Guid.CreateVersion7(), WebhookId = hook.Id, RunId = Run, Event = "run.failed", Payload = "{}", NextAt = SampleRuns.Noon, CreatedAt = SampleRuns.Noon });
        await db.SaveChangesAsync(Token);
    }

    private sealed record Table(string Name, int Rows, string? Sum);
}
