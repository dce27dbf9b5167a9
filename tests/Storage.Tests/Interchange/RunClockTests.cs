using MaeLab.Domain.Metrics;
using MaeLab.Storage.Interchange;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>When a run was at a step, put together from what is stored.</summary>
public abstract class RunClockTests(ITestDatabases databases) : DatabaseTests(databases)
{
    [Fact]
    public async Task Run_that_never_began_has_no_time() => Assert.Null((await ReadAsync()).At(5));

    [Fact]
    public async Task Time_of_training_is_counted_from_the_start_of_the_attempt()
    {
        await BeginAsync(1, SampleRuns.Noon);
        await TrainAsync(1, restoreStep: 0, from: 1, to: 10);

        var clock = await ReadAsync();

        Assert.Equal(
            [SampleRuns.Noon, SampleRuns.Noon.AddSeconds(2), SampleRuns.Noon.AddSeconds(20), SampleRuns.Noon.AddSeconds(20)],
            new[] { 0L, 1, 10, 99 }.Select(step => clock.At(step)!.Value));
    }

    [Fact]
    public async Task Step_before_the_first_point_lies_on_the_line_from_the_start()
    {
        await BeginAsync(1, SampleRuns.Noon);
        await TrainAsync(1, restoreStep: 0, from: 5, to: 10);

        var clock = await ReadAsync();

        Assert.Equal([SampleRuns.Noon, SampleRuns.Noon.AddSeconds(4), SampleRuns.Noon.AddSeconds(10)], new[] { 0L, 2, 5 }.Select(step => clock.At(step)!.Value));
    }

    [Fact]
    public async Task What_an_evaluation_took_lies_before_the_steps_after_it()
    {
        await BeginAsync(1, SampleRuns.Noon);
        await TrainAsync(1, restoreStep: 0, from: 1, to: 10);
        await EvaluateAsync(1, step: 5, SampleRuns.Noon.AddSeconds(60));

        var clock = await ReadAsync();

        Assert.Equal(SampleRuns.Noon.AddSeconds(8), clock.At(4));
        Assert.Equal(SampleRuns.Noon.AddSeconds(60), clock.At(5));
        Assert.Equal(SampleRuns.Noon.AddSeconds(62), clock.At(6));
    }

    [Fact]
    public async Task Later_attempt_counts_from_its_restore_step_on()
    {
        await BeginAsync(1, SampleRuns.Noon);
        await TrainAsync(1, restoreStep: 0, from: 1, to: 10);
        await EvaluateAsync(1, step: 8, SampleRuns.Noon.AddSeconds(40));
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 5, Token);
        await BeginAsync(2, SampleRuns.Noon.AddHours(1));
        await TrainAsync(2, restoreStep: 5, from: 6, to: 10);

        var clock = await ReadAsync();

        Assert.Equal(SampleRuns.Noon.AddSeconds(8), clock.At(4));
        Assert.Equal(SampleRuns.Noon.AddHours(1).AddSeconds(6), clock.At(8));
    }

    private async Task BeginAsync(int attempt, DateTimeOffset at)
    {
        await using var db = Database.Open();
        await db.RunAttempts.Where(row => row.RunId == Run && row.Number == attempt).ExecuteUpdateAsync(row => row.SetProperty(one => one.StartedAt, at), Token);
    }

    /// <summary>Two seconds a step.</summary>
    private Task TrainAsync(int attempt, long restoreStep, int from, int to) => WriteAsync(
        Run, attempt, restoreStep, Enumerable.Range(from, to - from + 1).Select(step => new MetricPoint(SeriesNames.ElapsedSeconds, step, 2 * step)));

    private async Task EvaluateAsync(int attempt, long step, DateTimeOffset at)
    {
        await using var db = Database.Open();
        db.ProbeResults.Add(new ProbeResultRow { Id = Guid.CreateVersion7(), RunId = Run, Attempt = attempt, Step = step, Probe = SeriesNames.LinearAccuracy, Details = "{}", CreatedAt = at });
        await db.SaveChangesAsync(Token);
    }

    private async Task<RunClock> ReadAsync()
    {
        await using var db = Database.Open();
        return await RunClock.ReadAsync(db, new MetricReader(Database.Contexts), Run, Token);
    }
}

public sealed class RunClockOnPostgres(PostgresServer server) : RunClockTests(server);

public sealed class RunClockOnSqlite(SqliteFiles files) : RunClockTests(files);
