using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Checkpoints;

/// <summary>Which checkpoints a run keeps while new ones come.</summary>
public abstract class CheckpointRetentionTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private static readonly CheckpointPlan s_newest = new(EveryEpochs: 1, KeepLast: 1);

    private CheckpointStore Store => new(Database.Contexts, TimeProvider.System);

    [Fact]
    public async Task Prune_keeps_the_newest_and_the_final_one()
    {
        await SaveAsync(50, final: true);
        foreach (var step in new[] { 10, 40, 20, 60, 30 })
        {
            await SaveAsync(step);
        }

        await Store.PruneAsync(Run, 1, s_newest, Token);

        Assert.Equal([60L, 50L], (await Store.ListAsync(Run, Token)).Select(c => c.Step));
        await using var db = Database.Open();
        Assert.Equal(2, await db.CheckpointChunks.CountAsync(Token));
    }

    [Fact]
    public async Task Prune_keeps_what_is_kept_for_good()
    {
        for (var epoch = 1; epoch <= 9; epoch++)
        {
            await SaveAsync(10 * epoch);
        }

        // One of a run that was told to stop in the middle of an epoch.
        await SaveAsync(95);
        await Store.PruneAsync(Run, 1, s_newest with { KeepEveryEpochs = 4 }, Token);

        Assert.Equal([95L, 80L, 40L], (await Store.ListAsync(Run, Token)).Select(c => c.Step));
    }

    [Theory]
    [InlineData(BestCheckpoint.LinearAccuracy, 20)] // 30 is as good, but came later; 40 was not evaluated there
    [InlineData(BestCheckpoint.ReconstructionError, 10)]
    [InlineData(BestCheckpoint.KnnAccuracy, null)]
    public async Task Prune_keeps_the_best_until_one_is_better(BestCheckpoint by, int? kept)
    {
        await using var db = Database.Open();
        foreach (var (step, value) in new[] { (10, 0.2), (20, 0.7), (30, 0.7), (45, 0.9), (50, 0.4) })
        {
            await SaveAsync(step == 45 ? 40 : step);
            foreach (var series in new[] { SeriesNames.LinearAccuracy, SeriesNames.ReconstructionError })
            {
                db.ProbeResults.Add(new() { Id = Guid.CreateVersion7(), RunId = Run, Attempt = 1, Step = step, Probe = series, Value = value, Details = "{}" });
            }

            await db.SaveChangesAsync(Token);
            await Store.PruneAsync(Run, 1, s_newest with { KeepBest = by }, Token);
        }

        Assert.Equal(kept is { } best ? [50L, best] : [50L], (await Store.ListAsync(Run, Token)).Select(c => c.Step));
    }

    private Task<CheckpointRow> SaveAsync(long step, bool final = false) =>
        Store.SaveAsync(Guid.CreateVersion7(), Run, 1, step, step / 10.0, final, new MemoryStream([1]), Token);
}

public sealed class CheckpointRetentionOnPostgres(PostgresServer server) : CheckpointRetentionTests(server);

public sealed class CheckpointRetentionOnSqlite(SqliteFiles files) : CheckpointRetentionTests(files);
