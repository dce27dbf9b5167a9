using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;

namespace MaeLab.Storage.Tests;

/// <summary>A test with a database and a run in its first attempt.</summary>
public abstract class DatabaseTests(ITestDatabases databases) : IAsyncLifetime
{
    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    protected TestDatabase Database { get; private set; } = null!;

    protected Guid Run { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Database = await databases.CreateDatabaseAsync(Token);
        Run = await Database.AddRunAsync(Token);
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    /// <summary>Points as one attempt of a run writes them.</summary>
    protected async Task WriteAsync(Guid run, int attempt, long restoreStep, IEnumerable<MetricPoint> points)
    {
        var writer = await MetricWriter.OpenAsync(Database.Contexts, run, attempt, restoreStep, Token);
        writer.Add(points);
        await writer.FlushAsync(Token);
    }
}
