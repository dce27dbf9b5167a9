using MaeLab.Domain.Runs;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests;

public abstract class SchemaTests(ITestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task Moments_sort_and_compare_in_the_database()
    {
        await using var db = Database.Open();
        var runs = (await db.Runs.SingleAsync(Token)).ExperimentId;
        // Written out as text, some of these would sort otherwise.
        DateTimeOffset[] moments = [SampleRuns.Noon.AddSeconds(-0.1), SampleRuns.Noon.AddSeconds(9), SampleRuns.Noon.AddSeconds(10), SampleRuns.Noon.AddDays(400)];
        db.Runs.AddRange(moments.Reverse().Select((moment, i) =>
        {
            var run = SampleRuns.Run(runs, i + 1);
            (run.CreatedAt, run.EndedAt) = (moment, moment);
            return run;
        }));
        await db.SaveChangesAsync(Token);
        db.ChangeTracker.Clear();

        var after = await db.Runs.Where(r => r.EndedAt > SampleRuns.Noon).OrderBy(r => r.CreatedAt).Select(r => r.CreatedAt).ToListAsync(Token);

        Assert.Equal(moments[1..], after);
    }

    [Fact]
    public async Task Two_changes_of_one_run_at_once_leave_one_loser()
    {
        await using var first = Database.Open();
        await using var second = Database.Open();
        var mine = await first.Runs.SingleAsync(Token);
        var theirs = await second.Runs.SingleAsync(Token);
        var version = mine.Version;
        mine.State = RunState.Assigned;
        theirs.State = RunState.Cancelled;

        await first.SaveChangesAsync(Token);
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync(Token));

        await using var db = Database.Open();
        var run = await db.Runs.SingleAsync(Token);
        Assert.Equal((RunState.Assigned, version + 1), (run.State, run.Version));
    }

    [Fact]
    public async Task Version_rises_with_each_save_of_one_context()
    {
        await using var db = Database.Open();
        var run = await db.Runs.SingleAsync(Token);
        var version = run.Version;
        for (var step = 1; step <= 3; step++)
        {
            run.Step = step;
            await db.SaveChangesAsync(Token);
        }

        Assert.Equal(version + 3, run.Version);
    }

    [Fact]
    public async Task Many_writers_at_once_wait_for_each_other()
    {
        var results = new RunResultStore(Database.Contexts);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var line = 0; line < 25; line++)
            {
                await results.AddLogsAsync(Run, 1, [new RunLogRow { Sequence = (25 * writer) + line, Level = "info", Text = $"{writer}/{line}" }], Token);
            }
        }, Token)));

        await using var db = Database.Open();
        Assert.Equal(200, await db.RunLogs.Select(l => l.Text).Distinct().CountAsync(Token));
    }

    [Fact]
    public async Task Enums_are_words_in_the_database()
    {
        await using var db = Database.Open();

        Assert.Equal("Queued", await db.Database.SqlQueryRaw<string>("SELECT state AS \"Value\" FROM runs").SingleAsync(Token));
    }

    [Fact]
    public async Task Tags_can_be_searched()
    {
        await using var db = Database.Open();

        Assert.Equal(1, await db.Experiments.CountAsync(e => e.Tags.Contains("mae"), Token));
        Assert.Equal(0, await db.Experiments.CountAsync(e => e.Tags.Contains("ma"), Token));
    }

    [Fact]
    public async Task Deleting_an_experiment_deletes_all_that_hangs_on_it()
    {
        var writer = await MetricWriter.OpenAsync(Database.Contexts, Run, 1, 0, Token);
        writer.Add([new("train/loss", 1, 1)]);
        writer.Account(produced: 1, dropped: 0);
        await writer.FlushAsync(Token);
        await new CheckpointStore(Database.Contexts, TimeProvider.System).SaveAsync(
            Guid.CreateVersion7(), Run, 1, 1, 1, false, new MemoryStream([1]), Token);
        var results = new RunResultStore(Database.Contexts);
        await results.AddLogsAsync(Run, 1, [new RunLogRow { Level = "info", Text = "line" }], Token);
        await results.SaveOutcomeAsync(new AttemptOutcomeRow { RunId = Run, Attempt = 1 }, Token);
        await using var db = Database.Open();
        var experiment = await db.Experiments.Select(row => row.Id).SingleAsync(Token);
        db.Annotations.AddRange(new AnnotationRow { Id = Run, RunId = Run, Note = "odd" }, new AnnotationRow { Id = experiment, ExperimentId = experiment });
        await db.SaveChangesAsync(Token);

        await db.Experiments.ExecuteDeleteAsync(Token);

        int[] left =
        [
            await db.Runs.CountAsync(Token), await db.RunAttempts.CountAsync(Token), await db.Series.CountAsync(Token),
            await db.MetricChunks.CountAsync(Token), await db.MetricSummaries.CountAsync(Token), await db.Checkpoints.CountAsync(Token),
            await db.CheckpointChunks.CountAsync(Token), await db.RunLogs.CountAsync(Token), await db.AttemptOutcomes.CountAsync(Token),
            await db.PointLedgers.CountAsync(Token), await db.Annotations.CountAsync(Token),
        ];
        Assert.Equal(new int[11], left);
    }

    [Fact]
    public async Task Deleted_run_is_hidden_and_what_its_runner_still_has_to_say_is_kept()
    {
        await using var db = Database.Open();
        await db.Runs.ExecuteUpdateAsync(run => run.SetProperty(row => row.DeletedAt, SampleRuns.Noon), Token);
        var results = new RunResultStore(Database.Contexts);

        await results.AddLogsAsync(Run, 1, [new RunLogRow { Level = "info", Text = "late" }], Token);

        Assert.Equal(0, await db.Runs.CountAsync(Token));
        Assert.Equal(1, await db.Runs.IgnoreQueryFilters().CountAsync(Token));
        Assert.Equal("late", (await db.RunLogs.SingleAsync(Token)).Text);
    }

    [Fact]
    public async Task Fields_of_recipes_are_asked_for_in_the_database()
    {
        await using var db = Database.Open();
        const string recipe = """{"encoder":{"width":64},"baseLearningRate":1E-05,"maskSampler":"random","evaluation":{"linearProbe":true}}""";
        await db.Runs.ExecuteUpdateAsync(run => run.SetProperty(row => row.Recipe, recipe), Token);

        Assert.Equal(64, await db.Runs.Select(StoredRecipe.NumberOf("encoder.width")).SingleAsync(Token));
        Assert.Equal(1e-5, await db.Runs.Select(StoredRecipe.NumberOf("baseLearningRate")).SingleAsync(Token));
        Assert.Equal("random", await db.Runs.Select(StoredRecipe.TextOf("maskSampler")).SingleAsync(Token));
        Assert.Contains(await db.Runs.Select(StoredRecipe.TextOf("evaluation.linearProbe")).SingleAsync(Token), (string[])["true", "1"]);
        Assert.Null(await db.Runs.Select(StoredRecipe.NumberOf("clipNorm")).SingleAsync(Token));
        Assert.Equal(1, await db.Runs.Select(StoredRecipe.NumberOf("clipNorm")).CountAsync(number => number == null, Token));
    }
}

public sealed class SchemaOnPostgres(PostgresServer server) : SchemaTests(server)
{
    [Fact]
    public async Task Checkpoint_pieces_are_stored_outside_the_row_and_uncompressed()
    {
        await using var db = Database.Open();

        // 'e': EXTERNAL.
        Assert.Equal("e", await db.Database.SqlQueryRaw<string>(
            "SELECT attstorage::text AS \"Value\" FROM pg_attribute WHERE attrelid = 'checkpoint_chunks'::regclass AND attname = 'data'").SingleAsync(Token));
    }
}

public sealed class SchemaOnSqlite(SqliteFiles files) : SchemaTests(files)
{
    [Fact]
    public async Task Connections_use_the_write_ahead_log_and_wait_for_each_other()
    {
        await using var db = Database.Open();

        Assert.Equal("wal", await PragmaAsync(db, "journal_mode"));
        Assert.Equal("1", await PragmaAsync(db, "synchronous"));
        Assert.Equal("1", await PragmaAsync(db, "foreign_keys"));
        Assert.Equal("10000", await PragmaAsync(db, "busy_timeout"));
    }

    private static async Task<string?> PragmaAsync(MaeLabDb db, string name)
    {
        await db.Database.OpenConnectionAsync(Token);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return (await command.ExecuteScalarAsync(Token))?.ToString();
    }
}
