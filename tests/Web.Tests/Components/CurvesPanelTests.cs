using Bunit;
using MaeLab.Domain.Metrics;
using MaeLab.Testing;
using MaeLab.Testing.Databases;
using MaeLab.Web.Features.Experiment;

namespace MaeLab.Web.Tests.Components;

public sealed class CurvesPanelTests(SqliteFiles databases) : CurvesPanelTest(databases)
{
    [Fact]
    public async Task Page_that_renders_again_with_the_same_runs_reads_nothing()
    {
        var runs = await RunsAsync();
        var panel = await RenderAsync(runs);
        var opened = Watched.Opened;

        panel.Render(parameters => parameters.Add(component => component.Runs, runs).Add(component => component.View, View with { LogY = true }));

        Assert.Equal(opened, Watched.Opened);
    }

    [Fact]
    public async Task Database_that_does_not_answer_leaves_the_curves_and_all_is_read_when_it_does()
    {
        await WriteAsync(Runs[0], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());

        Watched.Before = () => throw new TimeoutException("The database is away.");
        await SetRunsAsync(panel);
        Assert.Contains("Trying again", panel.Markup, StringComparison.Ordinal);
        Assert.False(Context.Renderer.UnhandledException.IsCompleted);
        Watched.Before = () => Task.CompletedTask;
        await WriteAsync(Runs[0], (1, 0.5), (2, 0.25));
        await SetRunsAsync(panel);

        Assert.DoesNotContain("Trying again", panel.Markup, StringComparison.Ordinal);
        Assert.Equal([1, null], Starts(Assert.Single(Replacements)));
    }

    [Fact]
    public async Task Sign_of_progress_is_there_while_what_a_person_asked_for_is_read_and_not_while_new_points_are()
    {
        await WriteAsync(Runs[0], (1, 0.5));
        var panel = await RenderAsync(await RunsAsync());
        var answer = new TaskCompletionSource();
        Watched.Before = () => answer.Task;

        var (opened, refresh) = (Watched.Opened, SetRunsAsync(panel));
        await Eventually.GetAsync("look for points", () => Task.FromResult(Watched.Opened > opened ? "begun" : null));
        Assert.Empty(panel.FindAll("[data-testid=busy]"));
        panel.Render(parameters => parameters.Add(component => component.View, View with { Smoothing = 0.5 }));
        Assert.Single(panel.FindAll("[data-testid=busy]"));
        await panel.InvokeAsync(answer.SetResult);
        await refresh;

        await panel.WaitForAssertionAsync(() => Assert.Empty(panel.FindAll("[data-testid=busy]")), Patience);
        Assert.Equal(["x", "min", "max", "last", "smoothed"], (IReadOnlyList<string>)Loads.Last().Arguments[1]!);
    }

    [Fact]
    public async Task Another_axis_takes_back_the_zoom_into_the_one_before()
    {
        await WriteAsync(Runs[0], (1, 0.5), (2, 0.25));
        var views = new List<CurveView>();
        var panel = await RenderAsync(await RunsAsync(), View with { Zoom = (1, 2) }, views.Add);
        Assert.Contains("Step 1 to 2", panel.Find("[data-testid=curve-zoom]").TextContent, StringComparison.Ordinal);

        panel.Find("[data-testid=curve-x]").Change(SeriesNames.Epoch);

        Assert.Equal([View with { XAxis = SeriesNames.Epoch }], views);
    }

    [Fact]
    public async Task Zoom_can_be_taken_back_without_a_pointer()
    {
        var views = new List<CurveView>();
        var panel = await RenderAsync(await RunsAsync(), View with { Zoom = (1, 2) }, views.Add);

        panel.Find("button[data-testid=curve-zoom]").Click();

        Assert.Equal([View], views);
    }
}
