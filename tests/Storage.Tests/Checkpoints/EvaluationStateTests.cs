using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Runs;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Checkpoints;

/// <summary>States of evaluations lie where checkpoints do, and are none.</summary>
public abstract class EvaluationStateTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private CheckpointStore Checkpoints => new(Database.Contexts, TimeProvider.System);

    private EvaluationStateStore States => new(Database.Contexts, Checkpoints);

    [Fact]
    public async Task Newest_state_is_found_and_read_and_takes_the_place_of_those_before_it()
    {
        await SaveAsync(1);
        await SaveAsync(2);
        var newest = await SaveAsync(3);

        Assert.Equal(newest, await States.FindAsync(Run, 100, Token));
        Assert.Null(await States.FindAsync(Run, 90, Token));
        using var content = new MemoryStream();
        await Checkpoints.CopyToAsync(newest, content, Token);
        Assert.Equal([3], content.ToArray());
        await using var db = Database.Open();
        Assert.Equal(newest, (await db.CheckpointsAndStates.SingleAsync(Token)).Id);
        Assert.Equal(1, await db.CheckpointChunks.CountAsync(Token));
    }

    [Fact]
    public async Task State_is_no_checkpoint_and_no_checkpoint_gives_way_to_it()
    {
        var final = await Checkpoints.SaveAsync(Guid.CreateVersion7(), Run, 1, 100, 10, final: true, new MemoryStream([1]), Token);
        var state = await SaveAsync(1);
        await Checkpoints.PruneAsync(Run, 1, new CheckpointPlan(EveryEpochs: 1, KeepLast: 1), Token);

        Assert.Equal(final.Id, Assert.Single(await Checkpoints.ListAsync(Run, Token)).Id);
        Assert.Null(await Checkpoints.FindAsync(state, Token));
        Assert.Equal(state, await States.FindAsync(Run, 100, Token));
    }

    [Fact]
    public async Task State_that_is_damaged_is_found_no_more_once_hidden()
    {
        var state = await SaveAsync(1);
        await Checkpoints.HideAsync(state, Run, 1, Token);
        Assert.Null(await States.FindAsync(Run, 100, Token));
    }

    [Theory]
    [InlineData(AttemptOutcome.Completed, false)]
    [InlineData(AttemptOutcome.Stopped, true)]
    public async Task State_goes_with_the_end_of_its_run(AttemptOutcome outcome, bool stays)
    {
        await SaveAsync(1);
        await new RunResultStore(Database.Contexts).SaveOutcomeAsync(new() { RunId = Run, Attempt = 1, Outcome = outcome, Step = 100, EndedAt = SampleRuns.Noon }, Token);
        Assert.Equal(stays, await States.FindAsync(Run, 100, Token) is not null);
    }

    private async Task<Guid> SaveAsync(byte number)
    {
        var id = Guid.CreateVersion7();
        await States.SaveAsync(id, Run, 1, 100, number, new MemoryStream([number]), Token);
        return id;
    }
}

public sealed class EvaluationStateOnPostgres(PostgresServer server) : EvaluationStateTests(server);

public sealed class EvaluationStateOnSqlite(SqliteFiles files) : EvaluationStateTests(files);
