using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>
/// One chart living in the browser: made by <c>create</c> of a module of ours, and gone with its component. A page may be
/// left at any moment, also while its chart is being made: what fails only because of that is no mistake.
/// </summary>
/// <param name="module">File name in <c>wwwroot/js</c>.</param>
internal sealed class ChartHandle(IJSRuntime js, string module) : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private IJSObjectReference? _chart;
    private bool _gone;

    /// <summary>It can be told of data.</summary>
    public bool IsThere => _chart is not null;

    public bool IsBeingMade { get; private set; }

    /// <summary>Makes the chart, in place of the one before.</summary>
    public async Task CreateAsync(ElementReference element, params object?[] arguments)
    {
        IsBeingMade = true;
        try
        {
            await UnlessGoneAsync(async () =>
            {
                await RemoveAsync();
                _module ??= await js.InvokeAsync<IJSObjectReference>("import", $"./js/{module}");
                if (!_gone)
                {
                    _chart = await _module.InvokeAsync<IJSObjectReference>("create", [element, .. arguments]);
                }

                if (_gone)
                {
                    await RemoveAsync();
                    await _module.DisposeAsync();
                }
            });
        }
        finally
        {
            IsBeingMade = false;
        }
    }

    public Task InvokeAsync(string method, params object?[] arguments) => UnlessGoneAsync(async () =>
    {
        if (_chart is not null)
        {
            await _chart.InvokeVoidAsync(method, arguments);
        }
    });

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        // One that is still being made is removed by the one who makes it.
        if (!IsBeingMade)
        {
            await UnlessGoneAsync(async () =>
            {
                await RemoveAsync();
                await (_module?.DisposeAsync() ?? ValueTask.CompletedTask);
            });
        }
    }

    private async Task RemoveAsync()
    {
        if (_chart is { } chart)
        {
            _chart = null;
            await chart.InvokeVoidAsync("dispose");
            await chart.DisposeAsync();
        }
    }

    private async Task UnlessGoneAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (Exception error) when (_gone && error is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The page is left, and its chart with it.
        }
    }
}
