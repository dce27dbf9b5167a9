using System.Buffers.Binary;
using Bunit;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Tests.Sample;

namespace MaeLab.Web.Tests.Components;

/// <summary>What comes while curves are drawn: as little as can be is read and sent.</summary>
public sealed class GrowingCurvesTests(SqliteFiles databases) : CurvesPanelTest(databases)
{
    [Fact]
    public async Task Run_without_the_series_has_a_line_that_its_points_are_added_to()
    {
        await WriteAsync(Runs[0], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());
        await WriteAsync(Runs[1], (1, 0.25));

        await SetRunsAsync(panel);

        Assert.Single(Loads);
        // Series 1, one point: its step and value.
        var append = Assert.Single(Appends);
        Assert.Equal((1, 1), (Int(append, 0), Int(append, 4)));
        Assert.Equal(0.25, BinaryPrimitives.ReadDoubleLittleEndian(append.AsSpan(16)));
    }

    [Fact]
    public async Task Hint_brings_points_and_draws_nothing_else_anew()
    {
        await WriteAsync(Runs[0], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());
        await WriteAsync(Runs[0], (1, 0.5), (2, 0.25));
        var renders = panel.RenderCount;

        Feed.Publish(new(Experiment, Runs[0]));

        await Eventually.GetAsync("points added", () => Task.FromResult(Appends.SingleOrDefault()));
        Assert.Equal(renders, panel.RenderCount);
    }

    [Fact]
    public async Task New_points_of_all_runs_are_read_at_once()
    {
        await WriteAsync(Runs[0], (1, 0.5));
        await WriteAsync(Runs[1], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());
        await WriteAsync(Runs[0], (1, 0.5), (2, 0.25));
        await WriteAsync(Runs[1], (1, 0.5), (2, 0.125));
        var opened = Watched.Opened;

        await SetRunsAsync(panel);

        Assert.Equal(opened + 1, Watched.Opened);
        // Two blocks of one point each.
        Assert.Equal(2 * (8 + 16), Assert.Single(Appends).Length);
    }

    [Fact]
    public async Task Appended_points_go_on_with_the_average_of_those_before()
    {
        await WriteAsync(Runs[0], (1, 4));
        var panel = await RenderAsync(await RunsAsync(), View with { Smoothing = 0.5 });
        await WriteAsync(Runs[0], (1, 4), (2, 8));

        await SetRunsAsync(panel);

        Assert.Equal(["x", "min", "max", "last", "smoothed"], (IReadOnlyList<string>)Assert.Single(Loads).Arguments[1]!);
        // One point: step, value and average.
        var append = Assert.Single(Appends);
        Assert.Equal(8 + (3 * 8), append.Length);
        Assert.Equal(20 / 3.0, BinaryPrimitives.ReadDoubleLittleEndian(append.AsSpan(24)), 1e-12);
    }

    [Fact]
    public async Task Means_are_read_whole_and_at_most_every_two_seconds()
    {
        await WriteAsync(Runs[0], (1, 0.5));
        await WriteAsync(Runs[1], (1, 0.25));
        var panel = await RenderAsync(await RunsAsync(), View with { Group = CurveView.EveryCell });
        var opened = Watched.Opened;

        await SetRunsAsync(panel);
        Assert.Equal(opened, Watched.Opened);
        Time.Advance(TimeSpan.FromSeconds(2));
        await SetRunsAsync(panel);

        Assert.Equal(opened + 1, Watched.Opened);
        Assert.Empty(Appends);
        Assert.Empty(Replacements);
        Assert.Equal("n", ((IReadOnlyList<string>)Assert.Single(Loads).Arguments[1]!)[^1]);
        Assert.Contains("One seed only", panel.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CurveView.EveryCell, null)]
    [InlineData(null, "train/known")]
    public async Task Of_means_and_of_axes_that_may_fall_only_the_buckets_that_changed_are_sent(string? group, string? axis)
    {
        (long Step, double Value)[] points = [.. Enumerable.Range(1, 1000).Select(step => ((long)step, 1.0 / step))];
        await WriteAsync(Runs[0], points);
        await WriteAsync(Runs[1], (1, 0.25));
        await WriteAsync(Runs[0], "train/known", [.. Enumerable.Range(1, 1030).Select(step => ((long)step, 2.0 * step))]);
        var panel = await RenderAsync(await RunsAsync(), View with { Group = group, XAxis = axis });

        await WriteAsync(Runs[0], [.. points, .. Enumerable.Range(1001, 20).Select(step => ((long)step, 0.5))]);
        Time.Advance(TimeSpan.FromSeconds(2));
        await SetRunsAsync(panel);

        // Some twenty buckets of hundreds, of the one line.
        var replacement = Assert.Single(Replacements);
        Assert.InRange(Starts(replacement)[0]!.Value, 400, 600);
        Assert.InRange(Int((byte[])replacement.Arguments[2]!, 4), 1, 20);
        Assert.Null(Starts(replacement)[1]);
        Assert.Single(Loads);
    }

    [Fact]
    public async Task Points_against_how_far_a_run_has_come_are_added_where_they_lie()
    {
        await WriteAsync(Runs[1], (10, 0.5));
        await WriteAsync(Runs[1], SeriesNames.Images, (10, 100));
        var panel = await RenderAsync(await RunsAsync(), View with { XAxis = SeriesNames.Images });
        await WriteAsync(Runs[1], (10, 0.5), (15, 0.25), (20, 0.125), (30, 0.0625));
        await WriteAsync(Runs[1], SeriesNames.Images, (10, 100), (20, 300));

        await SetRunsAsync(panel);

        Assert.Single(Loads);
        // Between two places halfway, at one there, and behind the last as far as that: as all of it would be drawn.
        var append = Assert.Single(Appends);
        Assert.Equal([200, 300, 300, 0.25, 0.125, 0.0625], Enumerable.Range(0, 6).Select(i => BinaryPrimitives.ReadDoubleLittleEndian(append.AsSpan(8 + (8 * i)))));
    }

    [Fact]
    public async Task Points_wait_until_it_is_written_how_far_the_run_has_come()
    {
        var panel = await RenderAsync(await RunsAsync(), View with { XAxis = SeriesNames.Images });
        await WriteAsync(Runs[1], (10, 0.5));
        await SetRunsAsync(panel);
        Assert.Empty(Appends);

        await WriteAsync(Runs[1], SeriesNames.Images, (10, 100));
        await SetRunsAsync(panel);

        Assert.Equal((1, 1), (Int(Assert.Single(Appends), 0), Int(Appends.Single(), 4)));
    }

    [Fact]
    public async Task What_jobs_find_meanwhile_is_drawn()
    {
        var jobs = new SampleJobs(Database.Contexts, TimeProvider.System);
        var view = View with { Metric = SeriesNames.DecoderLift };
        await jobs.AddAsync(await jobs.AddCheckpointAsync(Runs[0], 300, Cancel), RunState.Completed, [(SeriesNames.DecoderLift, 3)], Cancel);
        var panel = await RenderAsync(await RunsAsync(), view);
        await SetRunsAsync(panel);
        Assert.Single(Loads);

        // Of an earlier checkpoint: its point belongs before the one that is drawn.
        await jobs.AddAsync(await jobs.AddCheckpointAsync(Runs[0], 200, Cancel), RunState.Completed, [(SeriesNames.DecoderLift, 2)], Cancel);
        await SetRunsAsync(panel);

        Assert.Equal([0, null], Starts(Assert.Single(Replacements)));
        Assert.Empty(Appends);
    }
}
