using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Metrics;

public abstract class MetricReaderTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private const string Loss = SeriesNames.TrainLoss;

    private MetricReader Reader => new(Database.Contexts);

    [Fact]
    public async Task Curves_of_few_points_are_exact()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(0, 500).Select(i => new MetricPoint(Loss, 10 * i, Math.Sin(i))));

        var curve = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Loss]), Token)).Curve;

        Assert.True(curve.Exact);
        Assert.Equal((Loss, 500L), (curve.Name, curve.Count));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => 10.0 * i), curve.X);
        Assert.Equal(Enumerable.Range(0, 500).Select(i => Math.Sin(i)), curve.Last);
    }

    [Fact]
    public async Task Curves_of_many_points_come_from_summaries_and_keep_every_spike()
    {
        const int count = 300_000;
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, count).Select(i => new MetricPoint(Loss, i, i == 123_456 ? 1e9 : 1.0 / i)));

        var curve = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Loss], Buckets: 400), Token)).Curve;

        Assert.False(curve.Exact);
        Assert.Equal(count, curve.Count);
        Assert.InRange(curve.X.Length, 300, 400);
        Assert.Equal(1e9, curve.Max.Max());
        Assert.Equal(1.0 / count, curve.Last[^1]);
        var spike = Array.IndexOf(curve.Max, 1e9);
        Assert.InRange(curve.X[spike], 123_456 - (count / 400), 123_456 + (count / 400));
    }

    [Fact]
    public async Task Curves_of_a_zoomed_stretch_are_exact_again()
    {
        const int count = 300_000;
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, count).Select(i => new MetricPoint(Loss, i, i)));

        var curve = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Loss], From: 200_000, To: 200_099), Token)).Curve;

        Assert.True(curve.Exact);
        Assert.Equal(Enumerable.Range(200_000, 100).Select(i => (double)i), curve.X);
        Assert.Equal(curve.X, curve.Last);
    }

    [Fact]
    public async Task Curves_of_several_runs_share_the_grid_and_leave_out_what_has_no_points()
    {
        var other = await Database.AddRunAsync(Token);
        var empty = await Database.AddRunAsync(Token);
        await WriteAsync(Run, 1, 0, Enumerable.Range(0, 1000).Select(i => new MetricPoint(Loss, i, i)));
        await WriteAsync(other, 1, 0, Enumerable.Range(0, 2000).Select(i => new MetricPoint(Loss, i, -i)));

        var curves = await Reader.ReadCurvesAsync(new([other, empty, Run], [Loss, "no/such"], Buckets: 20), Token);

        // 0 to 1999 in 20 buckets of 100 steps for both.
        Assert.Equal([other, Run], curves.Select(c => c.RunId));
        Assert.Equal([20, 10], curves.Select(c => c.Curve.X.Length));
        Assert.Equal(curves[0].Curve.X[..9], curves[1].Curve.X[..9]);
    }

    [Fact]
    public async Task Curves_take_an_attempt_up_to_where_the_next_one_started()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 600).Select(i => new MetricPoint(Loss, i, 1)));
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 400, Token);
        await WriteAsync(Run, 2, 400, Enumerable.Range(401, 100).Select(i => new MetricPoint(Loss, i, 2)));
        await Database.BeginAttemptAsync(Run, 3, restoreStep: 300, Token);
        await WriteAsync(Run, 3, 300, Enumerable.Range(301, 50).Select(i => new MetricPoint(Loss, i, 3)));

        var curve = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Loss]), Token)).Curve;

        Assert.Equal(Enumerable.Range(1, 350).Select(i => (double)i), curve.X);
        Assert.Equal(Enumerable.Repeat(1.0, 300).Concat(Enumerable.Repeat(3.0, 50)), curve.Last);
    }

    [Fact]
    public async Task Curves_from_summaries_leave_out_what_a_later_attempt_wrote_anew()
    {
        const int count = 300_000;
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, count).Select(i => new MetricPoint(Loss, i, i > 200_000 ? 99 : 1)));
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 200_000, Token);
        await WriteAsync(Run, 2, 200_000, Enumerable.Range(200_001, 100_000).Select(i => new MetricPoint(Loss, i, 2)));

        var curve = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Loss], Buckets: 100), Token)).Curve;

        Assert.False(curve.Exact);
        Assert.Equal(count, curve.Count);
        Assert.Equal(2, curve.Max.Max());
    }

    [Fact]
    public async Task Newest_points_of_many_series_leave_out_what_a_later_attempt_wrote_anew()
    {
        var other = await Database.AddRunAsync(Token);
        await WriteAsync(other, 1, 0, Enumerable.Range(1, 10).Select(i => new MetricPoint(Loss, i, -i)));
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 1000).Select(i => new MetricPoint(Loss, i, 1)));
        // Planned to restore step 900, it began at 100; its first chunk ends long before the points that are asked for.
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 900, Token);
        await WriteAsync(Run, 2, 100, Enumerable.Range(101, 600).Select(i => new MetricPoint(Loss, i, 2)));

        var points = await Reader.ReadPointsAsync([new(other, Loss, 8), new(Run, "no/such", 0), new(Run, Loss, 650)], 1000, Token);

        Assert.Equal([-9, -10], points[0].Select(point => point.Value));
        Assert.Empty(points[1]);
        Assert.Equal(Enumerable.Range(651, 50).Select(i => ((long)i, 2.0)), points[2].Select(point => (point.Step, point.Value)));
    }

    [Fact]
    public async Task Curves_of_an_attempt_restored_from_an_older_checkpoint_than_planned_have_no_step_twice()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 100).Select(i => new MetricPoint(Loss, i, 1)));
        // The scheduler planned to restore step 80; that checkpoint was damaged, so the runner began at 40.
        await Database.BeginAttemptAsync(Run, 2, restoreStep: 80, Token);
        await WriteAsync(Run, 2, 40, Enumerable.Range(41, 20).Select(i => new MetricPoint(Loss, i, 2)));

        var points = await Reader.ReadPointsAsync(Run, Loss, 0, 1000, Token);

        Assert.Equal(Enumerable.Range(1, 60).Select(i => (long)i), points.Select(p => p.Step));
        Assert.Equal(20, points.Count(p => p.Value == 2));
    }

    [Fact]
    public async Task Curves_over_another_series_take_x_where_it_was_written_and_the_line_between()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(0, 101).SelectMany(i => i % 10 == 0
            ? new MetricPoint[] { new(Loss, i, i), new(SeriesNames.Epoch, i, i / 50.0) }
            : [new(Loss, i, i)]));

        var curve = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Loss], SeriesNames.Epoch, From: 0.5, To: 1), Token)).Curve;

        Assert.Equal(Enumerable.Range(25, 26).Select(i => (double)i), curve.Last);
        Assert.All(curve.X.Zip(curve.Last), p => Assert.Equal(p.Second / 50, p.First, 12));
    }

    [Fact]
    public async Task Curves_over_another_series_come_from_summaries_too()
    {
        const int count = 300_000;
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, count).SelectMany(i => new MetricPoint[]
        {
            new(Loss, i, i == 150_000 ? 7 : 1), new(SeriesNames.ElapsedSeconds, i, i / 100.0),
        }));

        var whole = Assert.Single(await Reader.ReadCurvesAsync(new([Run], [Loss], SeriesNames.ElapsedSeconds, Buckets: 300), Token)).Curve;
        var zoomed = Assert.Single(await Reader.ReadCurvesAsync(
            new([Run], [Loss], SeriesNames.ElapsedSeconds, From: 1499, To: 1501, Buckets: 1000), Token)).Curve;

        Assert.False(whole.Exact);
        Assert.Equal((count, 7.0), (whole.Count, whole.Max.Max()));
        Assert.InRange(whole.X[Array.IndexOf(whole.Max, 7)], 1490, 1510);
        Assert.True(zoomed.Exact);
        Assert.Equal(201, zoomed.Count);
        Assert.Equal(1500, zoomed.X[Array.IndexOf(zoomed.Max, 7)], 9);
    }

    [Fact]
    public async Task Curves_over_a_series_that_the_run_does_not_have_are_left_out()
    {
        await WriteAsync(Run, 1, 0, [new(Loss, 1, 1)]);

        Assert.Empty(await Reader.ReadCurvesAsync(new([Run], [Loss], SeriesNames.Epoch), Token));
    }

    [Fact]
    public async Task Average_is_over_all_points_whatever_the_stretch_and_however_few_are_drawn()
    {
        const int count = 2000;
        double Value(int step) => step % 7;
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, count).Select(i => new MetricPoint(Loss, i, Value(i))));
        var reader = new MetricReader(Database.Contexts) { FewPoints = 0 };
        var expected = Enumerable.Range(1, 1500).Aggregate(new Ema(0.99), (average, step) => average.Next(Value(step)));

        var whole = Assert.Single(await reader.ReadCurvesAsync(new([Run], [Loss], Buckets: 4) { Smoothing = 0.99 }, Token)).Curve;
        var stretch = Assert.Single(await reader.ReadCurvesAsync(new([Run], [Loss], From: 1400, To: 1500, Buckets: 3) { Smoothing = 0.99 }, Token)).Curve;

        Assert.Equal(expected.Value, whole.Smoothed!.Values[Array.IndexOf(whole.X, 1500)]);
        Assert.Equal(1500, stretch.X[^1]);
        Assert.Equal(expected.Value, stretch.Smoothed!.Values[^1]);
        Assert.Equal(count, whole.Count);
        Assert.Equal(6, whole.Max.Max());
    }

    [Fact]
    public async Task Buckets_of_a_log_axis_are_narrow_at_its_left()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 10_000).Select(i => new MetricPoint(Loss, i, i)));
        var reader = new MetricReader(Database.Contexts) { FewPoints = 0 };

        var curve = Assert.Single(await reader.ReadCurvesAsync(new([Run], [Loss], Buckets: 40) { LogX = true }, Token)).Curve;

        // Ten buckets a decade: from 1 to 10 every step has its own but those that share one.
        Assert.Equal([1, 2, 3], curve.X[..3]);
        Assert.InRange(curve.X.Count(x => x <= 100), 15, 20);
    }

    [Fact]
    public async Task Restarts_are_those_of_later_attempts_that_began()
    {
        await using (var db = Database.Open())
        {
            await db.RunAttempts.Where(attempt => attempt.RunId == Run).ExecuteDeleteAsync(Token);
            db.RunAttempts.AddRange(
                new() { RunId = Run, Number = 1, StartedAt = DateTimeOffset.UnixEpoch },
                new() { RunId = Run, Number = 2, RestoreStep = 40, StartedAt = DateTimeOffset.UnixEpoch },
                new() { RunId = Run, Number = 3, RestoreStep = 90 });
            await db.SaveChangesAsync(Token);
        }

        Assert.Equal([new Restart(Run, 40)], await Reader.ReadRestartsAsync([Run], Token));
    }

    [Fact]
    public async Task Points_come_after_the_step_asked_for_and_not_more_than_the_limit()
    {
        await WriteAsync(Run, 1, 0, Enumerable.Range(1, 1000).Select(i => new MetricPoint(Loss, i, -i)));

        var points = await Reader.ReadPointsAsync(Run, Loss, afterStep: 250, limit: 300, Token);

        Assert.Equal(Enumerable.Range(251, 300).Select(i => new MetricPoint(Loss, i, -i)), points);
        Assert.Empty(await Reader.ReadPointsAsync(Run, Loss, afterStep: 1000, limit: 300, Token));
        Assert.Empty(await Reader.ReadPointsAsync(Run, "no/such", afterStep: 0, limit: 300, Token));
    }

    [Fact]
    public async Task Names_are_listed_once_and_in_order()
    {
        var other = await Database.AddRunAsync(Token);
        await WriteAsync(Run, 1, 0, [new("train/loss", 1, 1), new("probe/b", 1, 1)]);
        await WriteAsync(other, 1, 0, [new("train/loss", 1, 1), new("probe/A", 1, 1)]);

        Assert.Equal(["probe/A", "probe/b", "train/loss"], await Reader.ListNamesAsync([Run, other], Token));
    }
}

public sealed class MetricReaderOnPostgres(PostgresServer server) : MetricReaderTests(server);

public sealed class MetricReaderOnSqlite(SqliteFiles files) : MetricReaderTests(files);
