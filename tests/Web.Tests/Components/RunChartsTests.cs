using Bunit;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using MaeLab.Web.Access;
using MaeLab.Web.Features.Annotations;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Tests.Sample;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Tests.Components;

public sealed class RunChartsTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    private const string Metric = "probe/known";

    private Guid _run;

    protected override async ValueTask AddServicesAsync()
    {
        var (_, runs) = await Samples.AddAsync(_ => RunState.Assigned, Cancel, """{"name":"one run"}""");
        _run = runs[0];
        Context.Services.AddSingleton(new MetricReader(Watched)).AddSingleton<LivePoints>();
    }

    [Fact]
    public async Task Value_measured_once_becomes_a_curve_with_its_second_point()
    {
        await WriteAsync((1, 0.5));
        var charts = await RenderAsync();
        Assert.Contains("0.5", charts.Find("[data-testid=measured-once] b").TextContent, StringComparison.Ordinal);
        Assert.Empty(charts.FindAll("[data-testid=run-chart]"));
        await WriteAsync((1, 0.5), (2, 0.25));

        await SetRunAsync(charts);

        Assert.Empty(charts.FindAll("[data-testid=measured-once]"));
        Assert.Single(charts.FindAll("[data-testid=run-chart]"));
    }

    [Fact]
    public async Task Database_that_does_not_answer_leaves_what_was_there()
    {
        await WriteAsync((1, 0.5));
        var charts = await RenderAsync();

        Watched.Before = () => throw new TimeoutException("The database is away.");
        await SetRunAsync(charts);
        Assert.Contains("Trying again", charts.Find("[role=status]").TextContent, StringComparison.Ordinal);
        Assert.Single(charts.FindAll("[data-testid=measured-once] b"));
        Assert.False(Context.Renderer.UnhandledException.IsCompleted);
        Watched.Before = () => Task.CompletedTask;
        await SetRunAsync(charts);

        Assert.Empty(charts.FindAll("[role=status]"));
    }

    [Fact]
    public async Task Series_of_the_machine_come_last_under_a_heading_of_their_own()
    {
        await WriteAsync((1, 0.5));
        var charts = await RenderAsync();
        foreach (var name in new[] { SeriesNames.CpuCores, SeriesNames.ImagesPerSecond, SeriesNames.TrainLoss, SeriesNames.Memory })
        {
            await SamplePoints.WriteAsync(Database.Contexts, _run, name, [(1, 1), (2, 2)], Cancel);
        }

        await SetRunAsync(charts);

        Assert.Equal(
            ["Training loss", "System", "Images per second", "CPU cores in use", "Memory, MB"],
            charts.FindAll(".run-charts h2").Select(heading => heading.TextContent));
    }

    private async Task<IRenderedComponent<RunCharts>> RenderAsync()
    {
        var run = await RunAsync();
        var charts = Context.Render<RunCharts>(parameters => parameters.Add(component => component.RunId, _run).Add(component => component.Run, run));
        await charts.WaitForElementAsync("[data-testid=measured-once]", Patience);
        return charts;
    }

    /// <summary>As after a refresh of the page.</summary>
    private async Task SetRunAsync(IRenderedComponent<RunCharts> charts)
    {
        var run = await RunAsync();
        await charts.InvokeAsync(() => charts.Instance.SetParametersAsync(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(RunCharts.Run)] = run })));
    }

    private async Task<RunDetail> RunAsync() =>
        (await new RunDetailReader(Database.Contexts, new RunReader(Database.Contexts), new AnnotationStore(Database.Contexts, new ChangeGate(Options.Create(new WebOptions()), Database.Contexts), new AuditLog(Database.Contexts, TimeProvider.System))).FindAsync(_run, Cancel))!;

    private Task WriteAsync(params (long Step, double Value)[] points) => SamplePoints.WriteAsync(Database.Contexts, _run, Metric, points, Cancel);
}
