using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Metrics;

public abstract class LedgerTests(ITestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task Ledger_is_of_the_same_moment_as_the_points_and_never_falls()
    {
        var writer = await OpenAsync();
        writer.Add(Points(300));
        writer.Account(produced: 1000, dropped: 7);
        await writer.FlushAsync(Token);
        Assert.Equal((1000, 300, 7), await LedgerAsync());

        // Another process goes on with what it has of an older moment.
        writer = await OpenAsync();
        writer.Add(Points(400));
        writer.Account(produced: 400, dropped: 0);
        await writer.FlushAsync(Token);
        Assert.Equal((1000, 400, 7), await LedgerAsync());

        writer.Account(produced: 1000, dropped: 600);
        await writer.FlushAsync(Token);
        Assert.Equal((1000, 400, 600), await LedgerAsync());
    }

    private static IEnumerable<MetricPoint> Points(int count) => Enumerable.Range(1, count).Select(step => new MetricPoint(SeriesNames.TrainLoss, step, 0.5));

    private Task<MetricWriter> OpenAsync() => MetricWriter.OpenAsync(Database.Contexts, Run, 1, restoreStep: 0, Token);

    private async Task<(long Produced, long Stored, long Dropped)> LedgerAsync()
    {
        await using var db = Database.Open();
        var ledger = await db.PointLedgers.SingleAsync(Token);
        return (ledger.Produced, ledger.Stored, ledger.Dropped);
    }
}

public sealed class LedgerOnPostgres(PostgresServer server) : LedgerTests(server);

public sealed class LedgerOnSqlite(SqliteFiles files) : LedgerTests(files);
