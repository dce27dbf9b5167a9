using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Runs;

public abstract class RunResultStoreTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private RunResultStore Store => new(Database.Contexts);

    [Fact]
    public async Task Logs_are_kept_in_order_with_their_attempt()
    {
        await Store.AddLogsAsync(Run, 1, [Line("one", 1), Line("two", 2)], Token);
        await Store.AddLogsAsync(Run, 1, [Line("three", 3)], Token);

        await using var db = Database.Open();
        var lines = await db.RunLogs.Where(l => l.RunId == Run).OrderBy(l => l.Id).ToListAsync(Token);
        Assert.Equal(["one", "two", "three"], lines.Select(l => l.Text));
        Assert.All(lines, l => Assert.Equal((1, SampleRuns.Noon), (l.Attempt, l.At)));
    }

    [Theory]
    [InlineData(CommitFailure.Before)]
    [InlineData(CommitFailure.After)]
    public async Task Logs_given_again_after_a_broken_commit_are_there_once(CommitFailure failure)
    {
        var commits = new FailingCommits();
        var store = new RunResultStore(DatabaseFactory.Create(Database.Options, null, commits));
        RunLogRow[] lines = [Line("one", 1), Line("two", 2)];
        await store.AddLogsAsync(Run, 1, [lines[0]], Token);
        commits.Next = failure;
        await Assert.ThrowsAsync<BrokenConnectionException>(() => store.AddLogsAsync(Run, 1, lines, Token));

        await store.AddLogsAsync(Run, 1, lines, Token);

        await Database.BeginAttemptAsync(Run, 2, 0, Token);
        await store.AddLogsAsync(Run, 2, [Line("of the next attempt", 1)], Token);
        await using var db = Database.Open();
        Assert.Equal(["one", "two", "of the next attempt"], await db.RunLogs.OrderBy(l => l.Id).Select(l => l.Text).ToListAsync(Token));
    }

    [Fact]
    public async Task An_attempt_is_held_until_it_is_over_or_another_one_has_begun()
    {
        await Store.CheckHeldAsync(Run, 1, Token);
        await using (var db = Database.Open())
        {
            await db.RunAttempts.ExecuteUpdateAsync(attempt => attempt.SetProperty(row => row.EndedAt, SampleRuns.Noon), Token);
        }

        Assert.EndsWith("it was taken back.", (await Assert.ThrowsAsync<FenceLostException>(() => Store.CheckHeldAsync(Run, 1, Token))).Message, StringComparison.Ordinal);
        await Database.BeginAttemptAsync(Run, 2, 0, Token);
        Assert.EndsWith("attempt 2 owns the run.", (await Assert.ThrowsAsync<FenceLostException>(() => Store.CheckHeldAsync(Run, 1, Token))).Message, StringComparison.Ordinal);
        Assert.EndsWith("the run was deleted.", (await Assert.ThrowsAsync<FenceLostException>(() => Store.CheckHeldAsync(Guid.NewGuid(), 1, Token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_survive_characters_that_the_database_cannot_hold()
    {
        await Store.AddLogsAsync(Run, 1, [Line("a\0b\uD800c \U0001F600")], Token);

        await using var db = Database.Open();
        Assert.Equal("a\uFFFDb\uFFFDc \U0001F600", (await db.RunLogs.SingleAsync(Token)).Text);
    }

    [Fact]
    public async Task An_evaluation_saved_again_replaces_itself_and_nothing_else()
    {
        await Store.SaveEvaluationAsync(Run, 1, 10, [Image(0)], [Probe(0.1)], Token);
        ImageRow[] images = [Image(0), Image(1)];
        ProbeResultRow[] probes = [Probe(double.NaN)];
        await Store.SaveEvaluationAsync(Run, 1, 20, images, probes, Token);

        await Store.SaveEvaluationAsync(Run, 1, 20, images, probes, Token);

        await using var db = Database.Open();
        Assert.Equal([10L, 20L, 20L], await db.Images.OrderBy(i => i.Step).Select(i => i.Step).ToListAsync(Token));
        Assert.Equal([0.1, double.NaN], await db.ProbeResults.OrderBy(p => p.Step).Select(p => p.Value).ToListAsync(Token));
        Assert.All(await db.Images.ToListAsync(Token), i => Assert.Equal([1, 2, 3], i.Png));
    }

    [Fact]
    public async Task An_evaluation_done_again_by_the_next_attempt_is_there_once()
    {
        await Store.SaveEvaluationAsync(Run, 1, 10, [Image(0)], [Probe(0.1)], Token);
        await Store.SaveEvaluationAsync(Run, 1, 20, [Image(0), Image(1)], [Probe(0.2)], Token);
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 15, Token);

        await Store.SaveEvaluationAsync(Run, 2, 20, [Image(0), Image(1)], [Probe(0.3)], Token);

        await using var db = Database.Open();
        Assert.Equal([(10L, 1), (20L, 2), (20L, 2)], (await db.Images.ToListAsync(Token)).Select(i => (i.Step, i.Attempt)).Order());
        Assert.Equal([(10L, 0.1), (20L, 0.3)], (await db.ProbeResults.ToListAsync(Token)).Select(p => (p.Step, p.Value)).Order());
    }

    [Fact]
    public async Task A_probe_that_comes_later_leaves_the_rest_of_its_step_alone()
    {
        await Store.SaveEvaluationAsync(Run, 1, 10, [Image(0)], [Probe(0.1)], Token);
        foreach (var value in new[] { 0.2, 0.3 })
        {
            var later = Probe(value);
            later.Probe = "finetune/accuracy";
            await Store.SaveEvaluationAsync(Run, 1, 10, [], [later], Token);
        }

        await using var db = Database.Open();
        Assert.Equal(1, await db.Images.CountAsync(Token));
        Assert.Equal([("finetune/accuracy", 0.3), ("probe/linear_accuracy", 0.1)], (await db.ProbeResults.ToListAsync(Token)).Select(p => (p.Probe, p.Value)).Order());
    }

    [Fact]
    public async Task An_evaluation_that_fails_half_way_leaves_nothing()
    {
        var image = Image(0);
        await Store.SaveEvaluationAsync(Run, 1, 10, [image], [], Token);

        // The id is taken, by another step's image.
        await Assert.ThrowsAsync<DbUpdateException>(() => Store.SaveEvaluationAsync(Run, 1, 20, [Image(1), image], [Probe(1)], Token));

        await using var db = Database.Open();
        Assert.Equal(10, (await db.Images.SingleAsync(Token)).Step);
        Assert.Equal(0, await db.ProbeResults.CountAsync(Token));
    }

    [Fact]
    public async Task An_outcome_saved_again_is_there_once()
    {
        await Store.SaveOutcomeAsync(Outcome(AttemptOutcome.Failed), Token);
        await Store.SaveOutcomeAsync(Outcome(AttemptOutcome.Completed), Token);

        await using var db = Database.Open();
        var outcome = await db.AttemptOutcomes.SingleAsync(Token);
        Assert.Equal((AttemptOutcome.Completed, ReasonCode.OutOfMemory, 30L), (outcome.Outcome, outcome.Reason, outcome.Step));
    }

    [Fact]
    public async Task An_attempt_without_the_fence_writes_nothing()
    {
        await Database.BeginAttemptAsync(Run, 2, 0, Token);

        await Assert.ThrowsAsync<FenceLostException>(() => Store.AddLogsAsync(Run, 1, [Line("late")], Token));
        await Assert.ThrowsAsync<FenceLostException>(() => Store.SaveEvaluationAsync(Run, 1, 1, [Image(0)], [Probe(1)], Token));
        await Assert.ThrowsAsync<FenceLostException>(() => Store.SaveOutcomeAsync(Outcome(AttemptOutcome.Stopped), Token));

        await using var db = Database.Open();
        Assert.Equal(0, await db.RunLogs.CountAsync(Token));
        Assert.Equal(0, await db.Images.CountAsync(Token));
        Assert.Equal(0, await db.ProbeResults.CountAsync(Token));
        Assert.Equal(0, await db.AttemptOutcomes.CountAsync(Token));
    }

    private static RunLogRow Line(string text, long sequence = 1) => new() { Sequence = sequence, At = SampleRuns.Noon, Level = "info", Text = text };

    private static ImageRow Image(int index) => new()
    {
        Id = Guid.CreateVersion7(),
        Kind = "original",
        GalleryIndex = index,
        Width = 28,
        Height = 28,
        Png = [1, 2, 3],
        CreatedAt = SampleRuns.Noon,
    };

    private static ProbeResultRow Probe(double value) => new()
    {
        Id = Guid.CreateVersion7(),
        Probe = "probe/linear_accuracy",
        Value = value,
        Details = "{}",
        CreatedAt = SampleRuns.Noon,
    };

    private AttemptOutcomeRow Outcome(AttemptOutcome outcome) => new()
    {
        RunId = Run,
        Attempt = 1,
        Outcome = outcome,
        Reason = ReasonCode.OutOfMemory,
        Message = "text",
        Step = 30,
        EndedAt = SampleRuns.Noon,
    };
}

public sealed class RunResultStoreOnPostgres(PostgresServer server) : RunResultStoreTests(server);

public sealed class RunResultStoreOnSqlite(SqliteFiles files) : RunResultStoreTests(files);
