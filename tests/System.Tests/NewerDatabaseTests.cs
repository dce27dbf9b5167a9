using MaeLab.Storage;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests;

/// <summary>A program that is older than its database leaves it alone, says so and ends.</summary>
public sealed class NewerDatabaseTests(PostgresServer databases) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-newer-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(Programs.Scheduler)]
    [InlineData(Programs.Scheduler, "migrate")]
    [InlineData(Programs.Runner)]
    [InlineData(Programs.Web)]
    public async Task Service_refuses_to_start_on_a_newer_database_and_names_the_migration(string program, params string[] verb)
    {
        await using var database = await databases.CreateDatabaseAsync(Cancel);
        await AddFutureAsync(database.Contexts);
        var settings = ServiceSettings.Of(database.Options.ConnectionString, new Uri("amqp://nobody:nobody@127.0.0.1:9/"), _folder.FullName);

        await using var service = ServiceProcess.Start(program, FreePorts.Find(1), settings, verb);

        await AssertRefusesAsync(service);
    }

    [Fact]
    public async Task One_process_program_refuses_to_start_on_a_newer_database_and_names_the_migration()
    {
        var contexts = DatabaseFactory.Create(new() { Provider = StorageProvider.Sqlite, ConnectionString = StorageOptions.SqliteFile(Path.Combine(_folder.FullName, "maelab.db")) });
        await DatabaseMigrator.MigrateAsync(contexts, Cancel);
        await AddFutureAsync(contexts);
        DatabaseFactory.CloseIdleFiles();
        var port = FreePorts.Find(1);

        await using var program = ServiceProcess.Start(
            Programs.Local, port, new Dictionary<string, string>(), "--data", _folder.FullName, "--urls", $"http://127.0.0.1:{port}");

        await AssertRefusesAsync(program);
    }

    private static async Task AddFutureAsync(IDbContextFactory<MaeLabDb> contexts)
    {
        await using var db = await contexts.CreateDbContextAsync(Cancel);
        await db.Database.ExecuteSqlRawAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('20991231000000_FromTheFuture', '99.0.0')""", Cancel);
    }

    private static async Task AssertRefusesAsync(ServiceProcess program)
    {
        Assert.Equal(1, await program.WaitForEndAsync(Cancel));
        Assert.Contains("The database is newer than this program: it has the migrations 20991231000000_FromTheFuture,", program.Output, StringComparison.Ordinal);
    }
}
