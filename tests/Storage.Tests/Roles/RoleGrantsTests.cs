using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Roles;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace MaeLab.Storage.Tests.Roles;

/// <summary>Every service may read everything but the secrets of others and write its own tables, and no more.</summary>
[Collection(Roles)]
public sealed class RoleGrantsTests(PostgresServer server) : DatabaseTests(server)
{
    /// <summary>Roles are the server's, not a database's: who makes them waits for the others.</summary>
    public const string Roles = "roles of the server";

    private const string Password = """it's {0} "quoted" \ and $long$""";

    [Fact]
    public async Task Every_table_has_one_writer()
    {
        await using var db = Database.Open();

        Assert.Equal(
            db.Model.GetEntityTypes().Select(table => table.ClrType.Name).Order(),
            DatabaseRoles.Writers.Keys.Select(row => row.Name).Order());
    }

    [Fact]
    public async Task Each_role_reads_all_tables_but_the_secrets_of_others_and_writes_its_own_ones()
    {
        await GrantAsync();
        await using var owner = Database.Open();
        foreach (var role in Enum.GetValues<DatabaseRole>())
        {
            await using var db = (Open(role)).CreateDbContext();
            foreach (var (row, writer) in DatabaseRoles.Writers)
            {
                var table = owner.Model.FindEntityType(row)!.GetTableName()!;
                Assert.Equal(DatabaseRoles.MayRead(role, row), await MayAsync(db, $"SELECT count(*) FROM {table}"));
                Assert.Equal(writer == role, await MayAsync(db, $"DELETE FROM {table} WHERE false"));
                Assert.Equal(writer == role, await MayAsync(db, $"INSERT INTO {table} SELECT * FROM {table} WHERE false"));
                Assert.False(await MayAsync(db, $"TRUNCATE {table} CASCADE"));
            }

            Assert.False(await MayAsync(db, "CREATE TABLE mine (id int)"));
            Assert.Equal(role == DatabaseRole.Scheduler, await MayAsync(db, "UPDATE runs SET state = 'Queued' WHERE false"));
        }
    }

    [Fact]
    public async Task Runner_writes_points_under_the_fence()
    {
        await GrantAsync();

        var writer = await MetricWriter.OpenAsync(Open(DatabaseRole.Runner), Run, 1, 0, Token);
        writer.Add([new MetricPoint(SeriesNames.TrainLoss, 1, 0.5)]);
        await writer.FlushAsync(Token);

        await using var db = Database.Open();
        Assert.Equal(1, await db.MetricChunks.CountAsync(Token));
    }

    [Fact]
    public async Task Scheduler_removes_a_run_with_what_others_wrote_of_it()
    {
        await GrantAsync();
        var writer = await MetricWriter.OpenAsync(Open(DatabaseRole.Runner), Run, 1, 0, Token);
        writer.Add([new MetricPoint(SeriesNames.TrainLoss, 1, 0.5)]);
        await writer.FlushAsync(Token);
        await using (var web = Open(DatabaseRole.Web).CreateDbContext())
        {
            web.Annotations.Add(new() { Id = Run, RunId = Run, Note = "odd" });
            await web.SaveChangesAsync(Token);
        }

        await using var scheduler = Open(DatabaseRole.Scheduler).CreateDbContext();
        await scheduler.Runs.Where(run => run.Id == Run).ExecuteDeleteAsync(Token);

        Assert.Equal((0, 0), (await scheduler.MetricChunks.CountAsync(Token), await scheduler.Annotations.CountAsync(Token)));
    }

    [Fact]
    public async Task Granting_again_changes_the_password_and_takes_back_what_was_given_beside()
    {
        await GrantAsync();
        await using var owner = Database.Open();
        await owner.Database.ExecuteSqlRawAsync("GRANT UPDATE ON runs TO maelab_web", Token);

        await GrantAsync();

        await using var web = (Open(DatabaseRole.Web)).CreateDbContext();
        Assert.False(await MayAsync(web, "UPDATE runs SET state = 'Queued' WHERE false"));
    }

    [Fact]
    public async Task Service_that_owns_nothing_finds_the_schema_up_to_date()
    {
        await GrantAsync();

        await DatabaseMigrator.MigrateAsync(Open(DatabaseRole.Scheduler), Token);

        Assert.True(await DatabaseMigrator.IsMigratedAsync(Open(DatabaseRole.Web), Token));
    }

    private Task GrantAsync() => RoleGrants.ApplyAsync(Database.Contexts, Enum.GetValues<DatabaseRole>().ToDictionary(role => role, _ => Password), Token);

    private IDbContextFactory<MaeLabDb> Open(DatabaseRole role) => DatabaseFactory.Create(new()
    {
        Provider = StorageProvider.Postgres,
        ConnectionString = new NpgsqlConnectionStringBuilder(Database.Options.ConnectionString)
        {
            Username = DatabaseRoles.NameOf(role),
            Password = Password,
            Pooling = false,
        }.ConnectionString,
    });

    private static async Task<bool> MayAsync(MaeLabDb db, string sql)
    {
        try
        {
            await db.Database.ExecuteSqlRawAsync(sql, Token);
            return true;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
    }
}
