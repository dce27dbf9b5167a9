using MaeLab.Testing.Databases;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Components;

/// <summary>A component over a real database of its own.</summary>
public abstract class DatabaseComponentTest(SqliteFiles databases) : ComponentTest
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestDatabase? _database;

    protected TestDatabase Database => _database!;

    private protected WatchedDatabases Watched { get; private set; } = null!;

    private protected SampleExperiment Samples => new(Database.Contexts, TimeProvider.System);

    public override async ValueTask InitializeAsync()
    {
        _database = await databases.CreateDatabaseAsync(Cancel);
        Watched = new(_database.Contexts);
        await AddServicesAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>Once the database is there.</summary>
    protected abstract ValueTask AddServicesAsync();
}
