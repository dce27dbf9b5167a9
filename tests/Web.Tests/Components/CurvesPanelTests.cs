using System.Buffers.Binary;
using Bunit;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Tests.Sample;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MaeLab.Web.Tests.Components;

/// <summary>Two runs over a real database: one that trains and one that is about to.</summary>
public sealed class CurvesPanelTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    private const string Metric = "probe/known";

    private static readonly IReadOnlyList<Axis> s_axes = [new("maskRatio", ["0.5", "0.75"])];

    private static readonly CurveView s_view = new(Metric, ColorBy: "maskRatio");

    private BunitJSModuleInterop _chart = null!;
    private readonly FakeTimeProvider _time = new();
    private readonly LiveFeed _feed = new();
    private Guid _experiment;
    private IReadOnlyList<Guid> _runs = [];

    protected override async ValueTask AddServicesAsync()
    {
        (_experiment, _runs) = await Samples.AddAsync(
            index => index == 0 ? RunState.Running : RunState.Assigned, Cancel, """{"name":"two runs","axes":{"maskRatio":[0.5,0.75]}}""");
        var module = Context.JSInterop.SetupModule("./js/lineChart.js");
        module.Mode = JSRuntimeMode.Loose;
        _chart = module.SetupModule("create", _ => true);
        _chart.Mode = JSRuntimeMode.Loose;
        Context.Services.AddSingleton(new MetricReader(Watched)).AddSingleton<LivePoints>().AddSingleton(_feed);
        Context.Services.AddSingleton<TimeProvider>(_time);
    }

    [Fact]
    public async Task Page_that_renders_again_with_the_same_runs_reads_nothing()
    {
        var runs = await RunsAsync();
        var panel = await RenderAsync(runs);
        var opened = Watched.Opened;

        panel.Render(parameters => parameters.Add(component => component.Runs, runs).Add(component => component.View, s_view with { LogY = true }));

        Assert.Equal(opened, Watched.Opened);
    }

    [Fact]
    public async Task Run_without_the_series_has_a_line_that_its_points_are_added_to()
    {
        await WriteAsync(_runs[0], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());
        await WriteAsync(_runs[1], (1, 0.25));

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
        await WriteAsync(_runs[0], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());
        await WriteAsync(_runs[0], (1, 0.5), (2, 0.25));
        var renders = panel.RenderCount;

        _feed.Publish(new(_experiment, _runs[0]));

        await Eventually.GetAsync("points added", () => Task.FromResult(Appends.SingleOrDefault()));
        Assert.Equal(renders, panel.RenderCount);
    }

    [Fact]
    public async Task New_points_of_all_runs_are_read_at_once()
    {
        await WriteAsync(_runs[0], (1, 0.5));
        await WriteAsync(_runs[1], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());
        await WriteAsync(_runs[0], (1, 0.5), (2, 0.25));
        await WriteAsync(_runs[1], (1, 0.5), (2, 0.125));
        var opened = Watched.Opened;

        await SetRunsAsync(panel);

        Assert.Equal(opened + 1, Watched.Opened);
        // Two blocks of one point each.
        Assert.Equal(2 * (8 + 16), Assert.Single(Appends).Length);
    }

    [Fact]
    public async Task Database_that_does_not_answer_leaves_the_curves_and_all_is_read_when_it_does()
    {
        await WriteAsync(_runs[0], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());

        Watched.Before = () => throw new TimeoutException("The database is away.");
        await SetRunsAsync(panel);
        Assert.Contains("Trying again", panel.Markup, StringComparison.Ordinal);
        Assert.False(Context.Renderer.UnhandledException.IsCompleted);
        Watched.Before = () => Task.CompletedTask;
        await SetRunsAsync(panel);

        Assert.DoesNotContain("Trying again", panel.Markup, StringComparison.Ordinal);
        Assert.Equal(2, Loads.Count());
    }

    [Fact]
    public async Task Another_axis_takes_back_the_zoom_into_the_one_before()
    {
        await WriteAsync(_runs[0], (1, 0.5), (2, 0.25));
        var views = new List<CurveView>();
        var panel = await RenderAsync(await RunsAsync(), s_view with { Zoom = (1, 2) }, views.Add);
        Assert.Contains("Step 1 to 2", panel.Find("[data-testid=curve-zoom]").TextContent, StringComparison.Ordinal);

        panel.Find("[data-testid=curve-x]").Change(SeriesNames.Epoch);

        Assert.Equal([s_view with { XAxis = SeriesNames.Epoch }], views);
    }

    [Fact]
    public async Task Zoom_can_be_taken_back_without_a_pointer()
    {
        var views = new List<CurveView>();
        var panel = await RenderAsync(await RunsAsync(), s_view with { Zoom = (1, 2) }, views.Add);

        panel.Find("button[data-testid=curve-zoom]").Click();

        Assert.Equal([s_view], views);
    }

    [Fact]
    public async Task Appended_points_go_on_with_the_average_of_those_before()
    {
        await WriteAsync(_runs[0], (1, 4));
        var panel = await RenderAsync(await RunsAsync(), s_view with { Smoothing = 0.5 });
        await WriteAsync(_runs[0], (1, 4), (2, 8));

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
        await WriteAsync(_runs[0], (1, 0.5));
        await WriteAsync(_runs[1], (1, 0.25));
        var panel = await RenderAsync(await RunsAsync(), s_view with { Group = CurveView.EveryCell });
        var opened = Watched.Opened;

        await SetRunsAsync(panel);
        Assert.Equal(opened, Watched.Opened);
        _time.Advance(TimeSpan.FromSeconds(2));
        await SetRunsAsync(panel);

        Assert.Equal(opened + 1, Watched.Opened);
        Assert.Empty(Appends);
        Assert.Equal(2, Loads.Count());
        Assert.Equal("n", ((IReadOnlyList<string>)Loads.Last().Arguments[1]!)[^1]);
        Assert.Contains("One seed only", panel.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_jobs_find_meanwhile_is_drawn()
    {
        var jobs = new SampleJobs(Database.Contexts, TimeProvider.System);
        var view = s_view with { Metric = SeriesNames.DecoderLift };
        await jobs.AddAsync(await jobs.AddCheckpointAsync(_runs[0], 300, Cancel), RunState.Completed, [(SeriesNames.DecoderLift, 3)], Cancel);
        var panel = await RenderAsync(await RunsAsync(), view);
        await SetRunsAsync(panel);
        Assert.Single(Loads);

        // Of an earlier checkpoint: its point belongs before the one that is drawn.
        await jobs.AddAsync(await jobs.AddCheckpointAsync(_runs[0], 200, Cancel), RunState.Completed, [(SeriesNames.DecoderLift, 2)], Cancel);
        await SetRunsAsync(panel);

        Assert.Equal(2, Loads.Count());
        Assert.Empty(Appends);
    }

    private IEnumerable<JSRuntimeInvocation> Loads => _chart.Invocations.Where(invocation => invocation.Identifier == "load")
        // The first one comes before anything was read.
        .Where(invocation => ((byte[])invocation.Arguments[2]!).Length > 0);

    private IEnumerable<byte[]> Appends => _chart.Invocations.Where(invocation => invocation.Identifier == "append").Select(invocation => (byte[])invocation.Arguments[0]!);

    private Task<IReadOnlyList<RunSummary>> RunsAsync() => new RunReader(Database.Contexts).OfExperimentAsync(_experiment, Cancel);

    private async Task<IRenderedComponent<CurvesPanel>> RenderAsync(IReadOnlyList<RunSummary> runs, CurveView? view = null, Action<CurveView>? changed = null)
    {
        var panel = Context.Render<CurvesPanel>(parameters => parameters
            .Add(component => component.ExperimentId, _experiment)
            .Add(component => component.Axes, s_axes)
            .Add(component => component.Runs, runs)
            .Add(component => component.MetricNames, [Metric])
            .Add(component => component.View, view ?? s_view)
            .Add(component => component.ViewChanged, changed ?? (_ => { })));
        await panel.WaitForAssertionAsync(() => Assert.NotEmpty(panel.FindAll(".legend i")), Patience);
        return panel;
    }

    /// <summary>As after a refresh of the page: the same runs, read anew.</summary>
    private async Task SetRunsAsync(IRenderedComponent<CurvesPanel> panel)
    {
        var runs = await RunsAsync();
        await panel.InvokeAsync(() => panel.Instance.SetParametersAsync(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(CurvesPanel.Runs)] = runs,
        })));
    }

    private Task WriteAsync(Guid run, params (long Step, double Value)[] points) => SamplePoints.WriteAsync(Database.Contexts, run, Metric, points, Cancel);

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
