using System.Buffers.Binary;
using Bunit;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Tests.Sample;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Components;

/// <summary>Two runs over a real database: one that trains and one that is about to.</summary>
public sealed class CurvesPanelTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    private const string Metric = "probe/known";

    private static readonly IReadOnlyList<Axis> s_axes = [new("maskRatio", ["0.5", "0.75"])];

    private BunitJSModuleInterop _chart = null!;
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
        Context.Services.AddSingleton(new MetricReader(Watched));
    }

    [Fact]
    public async Task Page_that_renders_again_with_the_same_runs_reads_nothing()
    {
        var runs = await RunsAsync();
        var panel = await RenderAsync(runs);
        var opened = Watched.Opened;

        panel.Render(parameters => parameters.Add(component => component.Runs, runs).Add(component => component.LogY, true));

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
        var panel = await RenderAsync(await RunsAsync());
        await panel.FindComponent<LineChart>().Instance.OnZoom(1, 2);
        Assert.Contains("Zoomed in", panel.Markup, StringComparison.Ordinal);

        panel.Render(parameters => parameters.Add(component => component.XAxis, SeriesNames.Epoch));

        panel.WaitForAssertion(() => Assert.DoesNotContain("Zoomed in", panel.Markup, StringComparison.Ordinal));
    }

    private IEnumerable<JSRuntimeInvocation> Loads => _chart.Invocations.Where(invocation => invocation.Identifier == "load")
        // The first one comes before anything was read.
        .Where(invocation => ((byte[])invocation.Arguments[2]!).Length > 0);

    private IEnumerable<byte[]> Appends => _chart.Invocations.Where(invocation => invocation.Identifier == "append").Select(invocation => (byte[])invocation.Arguments[0]!);

    private Task<IReadOnlyList<RunSummary>> RunsAsync() => new RunReader(Database.Contexts).OfExperimentAsync(_experiment, Cancel);

    private async Task<IRenderedComponent<CurvesPanel>> RenderAsync(IReadOnlyList<RunSummary> runs)
    {
        var panel = Context.Render<CurvesPanel>(parameters => parameters
            .Add(component => component.Axes, s_axes)
            .Add(component => component.Runs, runs)
            .Add(component => component.MetricNames, [Metric])
            .Add(component => component.Metric, Metric)
            .Add(component => component.ColorBy, "maskRatio"));
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
