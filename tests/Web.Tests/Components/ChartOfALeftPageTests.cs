using Bunit;
using MaeLab.Web.Charts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;

namespace MaeLab.Web.Tests.Components;

/// <summary>A page may be left while the browser still makes its chart.</summary>
public sealed class ChartOfALeftPageTests : ComponentTest
{
    private readonly SlowBrowser _browser = new();

    public ChartOfALeftPageTests() => Context.Services.AddSingleton<IJSRuntime>(_browser);

    [Fact]
    public async Task Chart_is_removed_as_soon_as_it_is_made()
    {
        var chart = Render([]);
        await Context.DisposeComponentsAsync();

        await chart.InvokeAsync(_browser.Made.SetResult);

        Assert.Equal(["import", "create", "dispose"], _browser.Calls);
    }

    [Fact]
    public async Task Failure_to_make_it_is_no_error()
    {
        var chart = Render([]);
        await Context.DisposeComponentsAsync();

        await chart.InvokeAsync(() => _browser.Made.SetException(new JSException("Cannot read properties of null.")));

        Assert.False(Context.Renderer.UnhandledException.IsCompleted);
    }

    [Fact]
    public async Task Chart_shows_a_list_only_once_it_was_sent_to_it()
    {
        IReadOnlyList<LineSeries> series = [];
        var chart = Render(series);

        Assert.False(chart.Instance.Shows(series));
        await chart.InvokeAsync(_browser.Made.SetResult);

        Assert.True(chart.Instance.Shows(series));
        Assert.Equal(["import", "create", "load"], _browser.Calls);
    }

    private IRenderedComponent<LineChart> Render(IReadOnlyList<LineSeries> series) => Context.Render<LineChart>(parameters => parameters
        .Add(component => component.Series, series).Add(component => component.Label, "Training loss"));
}
