using MaeLab.Storage;
using Microsoft.Data.Sqlite;

namespace MaeLab.Testing.Databases;

/// <summary>SQLite databases for the tests of an assembly, in a temporary folder: <c>[assembly: AssemblyFixture(typeof(SqliteFiles))]</c>.</summary>
public sealed class SqliteFiles : ITestDatabases, IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-sqlite-").FullName;
    private readonly Lazy<Task<string>> _template;

    public SqliteFiles() => _template = new(CreateTemplateAsync);

    /// <summary>A migrated database, copied from a template.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var path = NewPath();
        File.Copy(await _template.Value.WaitAsync(cancellationToken), path);
        return At(path);
    }

    /// <summary>A path at which the first to connect makes the file.</summary>
    public Task<TestDatabase> CreateEmptyDatabaseAsync(CancellationToken cancellationToken) => Task.FromResult(At(NewPath()));

    /// <summary>A path where no file exists yet, in a folder that does not either.</summary>
    public Task<TestDatabase> CreateMissingDatabaseAsync(CancellationToken cancellationToken) =>
        Task.FromResult(At(Path.Combine(_folder, Guid.NewGuid().ToString("n"), "maelab.db")));

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<string> CreateTemplateAsync()
    {
        var path = NewPath();
        var options = OptionsFor(path);
        // No pool: the last connection to close moves everything out of the write-ahead log into the file.
        options.ConnectionString += ";Pooling=false";
        await DatabaseMigrator.MigrateAsync(DatabaseFactory.Create(options), CancellationToken.None);
        return path;
    }

    private string NewPath() => Path.Combine(_folder, $"{Guid.NewGuid():n}.db");

    private static StorageOptions OptionsFor(string path) => new() { Provider = StorageProvider.Sqlite, ConnectionString = StorageOptions.SqliteFile(path) };

    private static TestDatabase At(string path) => new(OptionsFor(path), () =>
    {
        using (var pooled = new SqliteConnection(OptionsFor(path).ConnectionString))
        {
            SqliteConnection.ClearPool(pooled);
        }

        // Beside the file lie its write-ahead log (-wal, -shm) and the migrator's lock.
        var folder = new DirectoryInfo(Path.GetDirectoryName(path)!);
        foreach (var file in folder.Exists ? folder.GetFiles(Path.GetFileName(path) + "*") : [])
        {
            file.Delete();
        }

        return ValueTask.CompletedTask;
    });
}
