using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>A <see cref="SliceModel"/> with error bars. Small enough to be sent whole when it changes.</summary>
public sealed partial class SliceChart : IAsyncDisposable
{
    private ElementReference _element;
    private ChartHandle? _chart;
    private SliceModel? _sent;
    private bool _creating;

    [Inject]
    public required IJSRuntime Js { get; init; }

    [Parameter, EditorRequired]
    public required SliceModel Model { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public int Height { get; set; } = 320;

    public async ValueTask DisposeAsync()
    {
        if (_chart is not null)
        {
            await _chart.DisposeAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_creating || ReferenceEquals(_sent, Model))
        {
            return;
        }

        var first = _chart is null;
        _sent = Model;
        if (first)
        {
            _creating = true;
            _chart = await ChartHandle.CreateAsync(Js, "sliceChart.js", _element, Model);
            _creating = false;
        }

        if (!first || !ReferenceEquals(_sent, Model))
        {
            _sent = Model;
            await _chart!.InvokeAsync("load", Model);
        }
    }
}
