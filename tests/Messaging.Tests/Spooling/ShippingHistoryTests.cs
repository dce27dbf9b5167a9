using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Messaging.Tests.Spooling;

/// <summary>Whatever happens to a runner and its database, in the end every point of the run is there once, and the ledger adds up.</summary>
public sealed class ShippingHistoryTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("maelab-history-").FullName;
    private readonly SqliteFiles _files;
    private TestDatabase _database = null!;

    public ShippingHistoryTests(SqliteFiles files) => _files = files;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _database = await _files.CreateDatabaseAsync(Token);

    public async ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        await _database.DisposeAsync();
    }

    [Fact]
    public Task Any_history_ends_with_every_point_once() => ShippingEvent.Histories.SampleAsync(
        async events =>
        {
            var runId = await _database.AddRunAsync(Token);
            using var run = new ShippedRun(_database, runId, _folder);
            await run.BeginAsync(restoreStep: 0);
            foreach (var next in events)
            {
                await run.DoAsync(next);
                await CheckLedgersAsync(runId);
            }

            await run.CompleteAsync();

            await CheckPointsAsync(runId, run.Step);
            await CheckLedgersAsync(runId);
            await CheckTheRestAsync(runId, run);
        },
        iter: 60, threads: 1);

    [Fact]
    public async Task Full_spool_drops_new_points_and_says_how_many_in_ledger_and_log()
    {
        var runId = await _database.AddRunAsync(Token);
        using var run = new ShippedRun(_database, runId, _folder);
        await run.BeginAsync(restoreStep: 0, spoolBytes: 50_000);
        for (var i = 0; i < 5; i++)
        {
            await run.DoAsync(new ShippingEvent.Train(1000));
            await run.DoAsync(new ShippingEvent.Move());
        }

        await run.DoAsync(new ShippingEvent.Evaluate());
        await run.DoAsync(new ShippingEvent.Move());
        await run.DoAsync(new ShippingEvent.Ship(CommitFailure.None));
        await run.CompleteAsync();

        await using var db = _database.Open();
        var ledger = await db.PointLedgers.SingleAsync(Token);
        Assert.Equal((6000, 2400, 3600), (ledger.Produced, ledger.Stored, ledger.Dropped));
        var loss = await new MetricReader(_database.Contexts).ReadPointsAsync(runId, SeriesNames.TrainLoss, -1, int.MaxValue, Token);
        Assert.Equal(Enumerable.Range(1, 2000).Select(step => (long)step), loss.Select(point => point.Step));
        Assert.Single(await db.Checkpoints.ToListAsync(Token));
        Assert.Empty(await db.Images.ToListAsync(Token));
        Assert.Single(await db.ProbeResults.ToListAsync(Token));
        var lines = await db.RunLogs.Select(line => line.Text).ToListAsync(Token);
        Assert.Single(lines, line => line.StartsWith("From step 2001 on points are dropped", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("The 1 pictures of step 5000 were dropped", StringComparison.Ordinal));
    }

    private async Task CheckPointsAsync(Guid runId, long last)
    {
        var reader = new MetricReader(_database.Contexts);
        var steps = Enumerable.Range(1, (int)last).Select(step => (long)step).ToList();
        Assert.Equal(
            steps.Select(step => new MetricPoint(SeriesNames.TrainLoss, step, ShippedRun.Loss(step))),
            await reader.ReadPointsAsync(runId, SeriesNames.TrainLoss, -1, int.MaxValue, Token));
        Assert.Equal(
            steps.Where(step => step % 5 == 0).Select(step => new MetricPoint(ShippedRun.EveryFifth, step, step)),
            await reader.ReadPointsAsync(runId, ShippedRun.EveryFifth, -1, int.MaxValue, Token));
    }

    /// <summary>What is said to be stored is what can be counted, and is never more than was made.</summary>
    private async Task CheckLedgersAsync(Guid runId)
    {
        await using var db = _database.Open();
        foreach (var ledger in await db.PointLedgers.AsNoTracking().Where(row => row.RunId == runId).ToListAsync(Token))
        {
            var stored = await db.MetricChunks
                .Where(chunk => chunk.Attempt == ledger.Attempt && db.Series.Any(series => series.Id == chunk.SeriesId && series.RunId == runId))
                .SumAsync(chunk => chunk.Count, Token);
            Assert.Equal((stored, 0), (ledger.Stored, ledger.Dropped));
            Assert.InRange(ledger.Produced, ledger.Stored, long.MaxValue);
        }
    }

    private async Task CheckTheRestAsync(Guid runId, ShippedRun run)
    {
        await using var db = _database.Open();
        var ledger = await db.PointLedgers.SingleAsync(row => row.RunId == runId && row.Attempt == run.Attempt, Token);
        Assert.Equal((run.Produced, run.Produced, 0), (ledger.Produced, ledger.Stored, ledger.Dropped));
        var outcome = await db.AttemptOutcomes.SingleAsync(row => row.RunId == runId, Token);
        Assert.Equal((run.Attempt, run.Step), (outcome.Attempt, outcome.Step));
        Assert.Equal(1, await db.Checkpoints.CountAsync(row => row.RunId == runId && row.Complete && row.Final, Token));
        Assert.All(await db.Checkpoints.Where(row => row.RunId == runId).ToListAsync(Token), row => Assert.True(row.Complete));
        var images = await db.Images.Where(row => row.RunId == runId).Select(row => new { row.Attempt, row.Step }).ToListAsync(Token);
        Assert.Equal(images.Distinct(), images);
        var lines = await db.RunLogs.Where(row => row.RunId == runId).ToListAsync(Token);
        Assert.All(lines.GroupBy(line => line.Attempt), attempt => Assert.Equal(
            Enumerable.Range(1, attempt.Count()).Select(i => (long)i), attempt.OrderBy(line => line.Id).Select(line => line.Sequence)));
    }
}
