using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>One chart living in the browser: made by <c>create</c> of a module of ours, and gone with its component.</summary>
internal sealed class ChartHandle : IAsyncDisposable
{
    private readonly IJSObjectReference _module;
    private readonly IJSObjectReference _chart;

    private ChartHandle(IJSObjectReference module, IJSObjectReference chart) => (_module, _chart) = (module, chart);

    /// <param name="module">File name in <c>wwwroot/js</c>.</param>
    public static async Task<ChartHandle> CreateAsync(IJSRuntime js, string module, ElementReference element, params object?[] arguments)
    {
        var imported = await js.InvokeAsync<IJSObjectReference>("import", $"./js/{module}");
        return new(imported, await imported.InvokeAsync<IJSObjectReference>("create", [element, .. arguments]));
    }

    public ValueTask InvokeAsync(string method, params object?[] arguments) => _chart.InvokeVoidAsync(method, arguments);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _chart.InvokeVoidAsync("dispose");
            await _chart.DisposeAsync();
            await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the chart with it.
        }
    }
}
