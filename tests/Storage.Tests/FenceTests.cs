using System.Data.Common;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Runs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MaeLab.Storage.Tests;

/// <summary>On PostgreSQL, where a run may change hands while a write of it is under way. (SQLite has one writer at a time.)</summary>
public sealed class FenceTests(PostgresServer databases) : DatabaseTests(databases)
{
    private readonly Guid _earlier = Guid.CreateVersion7();

    public enum Write
    {
        Points,
        Logs,
        Evaluation,
        Outcome,
        Checkpoint,
        Hide,
        Prune,
    }

    [Theory]
    [InlineData(Write.Points)]
    [InlineData(Write.Logs)]
    [InlineData(Write.Evaluation)]
    [InlineData(Write.Outcome)]
    [InlineData(Write.Checkpoint)]
    [InlineData(Write.Hide)]
    [InlineData(Write.Prune)]
    public async Task Run_that_changes_hands_in_the_middle_of_a_write_does_not_wait_for_it_and_shows_nothing_of_it(Write write)
    {
        await new CheckpointStore(Database.Contexts, TimeProvider.System).SaveAsync(_earlier, Run, 1, 1, 1, final: false, new MemoryStream([1]), Token);

        // After the rows were sent, before they are committed.
        var changed = new AfterChanging(() => Database.BeginAttemptAsync(Run, 2, restoreStep: 0, Token).WaitAsync(TimeSpan.FromSeconds(20), Token));

        var lost = await Assert.ThrowsAsync<FenceLostException>(() => WriteAsync(write, DatabaseFactory.Create(Database.Options, interceptors: changed)));

        Assert.Contains("attempt 2 owns the run", lost.Message, StringComparison.Ordinal);
        await using var db = Database.Open();
        Assert.Equal(0, await db.Series.CountAsync(Token) + await db.MetricChunks.CountAsync(Token) + await db.RunLogs.CountAsync(Token));
        Assert.Equal(0, await db.Images.CountAsync(Token) + await db.AttemptOutcomes.CountAsync(Token));
        var checkpoint = Assert.Single(await db.Checkpoints.AsNoTracking().ToListAsync(Token));
        Assert.Equal((_earlier, true), (checkpoint.Id, checkpoint.Complete));
    }

    [Fact]
    public async Task Server_ends_a_transaction_whose_client_is_gone()
    {
        Assert.Equal("10s", await SettingAsync(Database.Options));
        var own = new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = Database.Options.ConnectionString + ";Options=-c idle_in_transaction_session_timeout=7s" };
        Assert.Equal("7s", await SettingAsync(own));
    }

    private static async Task<string> SettingAsync(StorageOptions options)
    {
        await using var db = await DatabaseFactory.Create(options).CreateDbContextAsync(Token);
        return (await db.Database.SqlQuery<string>($"SELECT current_setting('idle_in_transaction_session_timeout')").ToListAsync(Token)).Single();
    }

    private async Task WriteAsync(Write write, IDbContextFactory<MaeLabDb> databases)
    {
        var results = new RunResultStore(databases);
        switch (write)
        {
            case Write.Points:
                var writer = await MetricWriter.OpenAsync(databases, Run, 1, restoreStep: 0, Token);
                writer.Add([new("train/loss", 1, 0.5)]);
                await writer.FlushAsync(Token);
                break;
            case Write.Logs:
                await results.AddLogsAsync(Run, 1, [new() { RunId = Run, Attempt = 1, At = SampleRuns.Noon, Level = "info", Text = "late" }], Token);
                break;
            case Write.Evaluation:
                await results.SaveEvaluationAsync(Run, 1, 1, [new() { Id = Guid.CreateVersion7(), Kind = "original", Png = [1], CreatedAt = SampleRuns.Noon }], [], Token);
                break;
            case Write.Outcome:
                await results.SaveOutcomeAsync(new() { RunId = Run, Attempt = 1, EndedAt = SampleRuns.Noon }, Token);
                break;
            case Write.Hide:
                await new CheckpointStore(databases, TimeProvider.System).HideAsync(_earlier, Run, 1, Token);
                break;
            case Write.Prune:
                await new CheckpointStore(databases, TimeProvider.System).PruneAsync(Run, 1, new(EveryEpochs: 1, KeepLast: 0), Token);
                break;
            default:
                await new CheckpointStore(databases, TimeProvider.System).SaveAsync(Guid.CreateVersion7(), Run, 1, 1, 1, final: false, new MemoryStream([1]), Token);
                break;
        }
    }

    /// <summary>Does it once, after the first rows of a transaction were written or deleted.</summary>
    private sealed class AfterChanging(Func<Task> act) : SaveChangesInterceptor, IDbCommandInterceptor
    {
        private bool _done;

        public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
            ChangedAsync(result);

        public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
            ChangedAsync(result);

        private async ValueTask<int> ChangedAsync(int rows)
        {
            if (!_done && rows > 0)
            {
                _done = true;
                await act();
            }

            return rows;
        }
    }
}
