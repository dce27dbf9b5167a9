using System.Buffers.Binary;
using Bunit;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Tests.Sample;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MaeLab.Web.Tests.Components;

/// <summary>The curves of two runs over a real database: one that trains and one that is about to.</summary>
public abstract class CurvesPanelTest(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    private protected const string Metric = "probe/known";

    private static readonly IReadOnlyList<Axis> s_axes = [new("maskRatio", ["0.5", "0.75"])];

    private protected static CurveView View { get; } = new(Metric, ColorBy: "maskRatio");

    private BunitJSModuleInterop _chart = null!;

    private protected FakeTimeProvider Time { get; } = new();

    private protected LiveFeed Feed { get; } = new();

    private protected Guid Experiment { get; private set; }

    private protected IReadOnlyList<Guid> Runs { get; private set; } = [];

    protected override async ValueTask AddServicesAsync()
    {
        (Experiment, Runs) = await Samples.AddAsync(
            index => index == 0 ? RunState.Running : RunState.Assigned, Cancel, """{"name":"two runs","axes":{"maskRatio":[0.5,0.75]}}""");
        var module = Context.JSInterop.SetupModule("./js/lineChart.js");
        module.Mode = JSRuntimeMode.Loose;
        _chart = module.SetupModule("create", _ => true);
        _chart.Mode = JSRuntimeMode.Loose;
        Context.Services.AddSingleton(new MetricReader(Watched)).AddSingleton<LivePoints>().AddSingleton(Feed);
        Context.Services.AddSingleton<TimeProvider>(Time);
    }

    private protected static IReadOnlyList<int?> Starts(JSRuntimeInvocation replacement) => (IReadOnlyList<int?>)replacement.Arguments[1]!;

    private protected IEnumerable<JSRuntimeInvocation> Replacements => _chart.Invocations.Where(invocation => invocation.Identifier == "replace");

    private protected IEnumerable<JSRuntimeInvocation> Loads => _chart.Invocations.Where(invocation => invocation.Identifier == "load")
        // The first one comes before anything was read.
        .Where(invocation => ((byte[])invocation.Arguments[2]!).Length > 0);

    private protected IEnumerable<byte[]> Appends => _chart.Invocations.Where(invocation => invocation.Identifier == "append").Select(invocation => (byte[])invocation.Arguments[0]!);

    private protected Task<IReadOnlyList<RunSummary>> RunsAsync() => new RunReader(Database.Contexts).OfExperimentAsync(Experiment, Cancel);

    private protected async Task<IRenderedComponent<CurvesPanel>> RenderAsync(IReadOnlyList<RunSummary> runs, CurveView? view = null, Action<CurveView>? changed = null)
    {
        var panel = Context.Render<CurvesPanel>(parameters => parameters
            .Add(component => component.ExperimentId, Experiment)
            .Add(component => component.Axes, s_axes)
            .Add(component => component.Runs, runs)
            .Add(component => component.MetricNames, [Metric])
            .Add(component => component.View, view ?? View)
            .Add(component => component.ViewChanged, changed ?? (_ => { })));
        await panel.WaitForAssertionAsync(() => Assert.NotEmpty(panel.FindAll(".legend i")), Patience);
        return panel;
    }

    /// <summary>As after a refresh of the page: the same runs, read anew.</summary>
    private protected async Task SetRunsAsync(IRenderedComponent<CurvesPanel> panel)
    {
        var runs = await RunsAsync();
        await panel.InvokeAsync(() => panel.Instance.SetParametersAsync(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(CurvesPanel.Runs)] = runs,
        })));
    }

    private protected Task WriteAsync(Guid run, params (long Step, double Value)[] points) => WriteAsync(run, Metric, points);

    private protected Task WriteAsync(Guid run, string metric, params (long Step, double Value)[] points) => SamplePoints.WriteAsync(Database.Contexts, run, metric, points, Cancel);

    private protected static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));
}
