using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Metrics;

/// <summary>What jobs found of the checkpoints of a run, as series of the run.</summary>
public abstract class FoundSeriesTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private const string Lift = SeriesNames.DecoderLift;
    private const string Rank = SeriesNames.KernelRank;

    private MetricReader Reader => new(Database.Contexts);

    [Fact]
    public async Task Curve_of_a_run_has_a_point_for_each_checkpoint_that_a_job_examined()
    {
        await AddJobAsync(400, RunState.Completed, (Lift, 4));
        await AddJobAsync(200, RunState.Completed, (Lift, 2));
        await AddJobAsync(300, RunState.Running, (Lift, 3));
        await AddJobAsync(100, RunState.Failed, (Lift, 1));

        var read = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Lift, Rank]), Token));

        Assert.Equal((Run, Lift), (read.RunId, read.Curve.Name));
        Assert.Equal([200, 400], read.Curve.X);
        Assert.Equal([2, 4], read.Curve.Last);
        Assert.Equal([new(Lift, 400, 4)], await Reader.ReadPointsAsync(Run, Lift, afterStep: 200, limit: 10, Token));
        Assert.Equal(2, await Reader.CountJobsAsync([Run], Token));
    }

    [Fact]
    public async Task Job_is_drawn_against_what_its_run_had_come_to_and_is_found_at_a_step()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 40).Select(i => new MetricPoint(SeriesNames.Epoch, 10 * i, i)));
        await AddJobAsync(200, RunState.Completed, (Lift, 2));
        await AddJobAsync(400, RunState.Completed, (Lift, 4));

        var against = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Lift], SeriesNames.Epoch), Token)).Curve;
        async Task<double?> At(long step) =>
            (await Reader.ReadValuesAsync(Lift, new Dictionary<Guid, long> { [Run] = step }, Token)).TryGetValue(Run, out var value) ? value : null;

        Assert.Equal([20, 40], against.X);
        Assert.Equal((null, 2, 2, 4), (await At(199), await At(200), await At(399), await At(400)));
    }

    [Fact]
    public async Task What_a_run_measured_itself_stands_and_a_job_gives_no_other_than_theory_series()
    {
        await WriteAsync(Run, 1, 0, [new(Lift, 100, 0.5), new(SeriesNames.TrainLoss, 100, 1)]);
        var job = await AddJobAsync(400, RunState.Completed, (Lift, 4), (Rank, 0.25), ("probe/other", 9));

        Assert.Equal([Rank, Lift, SeriesNames.TrainLoss], await Reader.ListNamesAsync([Run], Token));
        Assert.Equal([new(Lift, 100, 0.5)], await Reader.ReadPointsAsync(Run, Lift, afterStep: -1, limit: 10, Token));
        Assert.Equal([new(Rank, 400, 0.25)], await Reader.ReadPointsAsync(Run, Rank, afterStep: -1, limit: 10, Token));
        // A job has its series itself as well.
        Assert.Equal([new(Lift, 400, 4)], await Reader.ReadPointsAsync(job, Lift, afterStep: -1, limit: 10, Token));
    }

    [Fact]
    public async Task Of_two_attempts_with_a_checkpoint_of_one_step_the_newer_job_counts()
    {
        await AddJobAsync(400, RunState.Completed, (Lift, 4));
        await AddJobAsync(400, RunState.Completed, (Lift, 5));

        Assert.Equal([new(Lift, 400, 5)], await Reader.ReadPointsAsync(Run, Lift, afterStep: -1, limit: 10, Token));
    }

    private async Task<Guid> AddJobAsync(long step, RunState state, params (string Series, double Value)[] found)
    {
        Guid id;
        await using (var db = Database.Open())
        {
            var run = await db.Runs.AsNoTracking().SingleAsync(row => row.Id == Run, Token);
            var job = SampleRuns.Run(run.ExperimentId);
            (job.Kind, job.SubjectRunId, job.CheckpointId, job.CheckpointStep, job.State, job.Attempt) = (RunKind.Theory, Run, Guid.CreateVersion7(), step, state, 1);
            db.Add(job);
            db.RunAttempts.Add(new() { RunId = job.Id, Number = 1, RunnerId = Guid.CreateVersion7(), AssignedAt = SampleRuns.Noon, LeaseUntil = SampleRuns.Noon.AddMinutes(1), RestoreStep = step });
            await db.SaveChangesAsync(Token);
            id = job.Id;
        }

        await WriteAsync(id, 1, step, found.Select(value => new MetricPoint(value.Series, step, value.Value)));
        return id;
    }
}

public sealed class FoundSeriesOnPostgres(PostgresServer server) : FoundSeriesTests(server);

public sealed class FoundSeriesOnSqlite(SqliteFiles files) : FoundSeriesTests(files);
