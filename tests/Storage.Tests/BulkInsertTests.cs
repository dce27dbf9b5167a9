using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests;

public abstract class BulkInsertTests(ITestDatabases databases)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_stored_as_if_they_had_been_added_one_by_one()
    {
        await using var database = await databases.CreateDatabaseAsync(Token);
        var experiment = SampleRuns.Experiment();
        var run = SampleRuns.Run(experiment.Id, index: 1);
        (run.State, run.StopIntent, run.RunnerId, run.Loss, run.ReasonText) = (RunState.Stopping, StopIntent.Pause, Guid.NewGuid(), 0.25, "So it is.");
        RunRow[] rows = [SampleRuns.Run(experiment.Id), run];

        await using (var db = database.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Token);
            db.Add(experiment);
            await db.SaveChangesAsync(Token);
            await db.BulkInsertAsync(rows, Token);
            await transaction.CommitAsync(Token);
        }

        await using var after = database.Open();
        Assert.Equivalent(rows, await after.Runs.AsNoTracking().OrderBy(row => row.Index).ToListAsync(Token), strict: true);
    }

    [Fact]
    public async Task Rows_vanish_with_a_transaction_that_is_not_committed()
    {
        await using var database = await databases.CreateDatabaseAsync(Token);
        await using (var db = database.Open())
        {
            await using var transaction = await db.Database.BeginTransactionAsync(Token);
            var experiment = SampleRuns.Experiment();
            db.Add(experiment);
            await db.SaveChangesAsync(Token);
            await db.BulkInsertAsync([SampleRuns.Run(experiment.Id)], Token);
        }

        await using var after = database.Open();
        Assert.Empty(await after.Runs.ToListAsync(Token));
    }
}

public sealed class BulkInsertOnPostgres(PostgresServer databases) : BulkInsertTests(databases);

public sealed class BulkInsertOnSqlite(SqliteFiles databases) : BulkInsertTests(databases);
