using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>A <see cref="SliceModel"/> with error bars. Small enough to be sent whole when it changes.</summary>
public sealed partial class SliceChart : IAsyncDisposable
{
    private ElementReference _element;
    private ChartHandle _chart = null!;
    private string? _sent;

    [Inject]
    public required IJSRuntime Js { get; init; }

    [Parameter, EditorRequired]
    public required SliceModel Model { get; set; }

    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public int Height { get; set; } = 320;

    public ValueTask DisposeAsync() => _chart.DisposeAsync();

    protected override void OnInitialized() => _chart = new(Js, "sliceChart.js");

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_chart.IsBeingMade)
        {
            return;
        }

        if (!_chart.IsThere)
        {
            _sent = JsonSerializer.Serialize(Model);
            await _chart.CreateAsync(_element, Model);
        }

        // Every refresh makes a new model, but seldom another one; and this one may have come while the chart was made.
        var json = JsonSerializer.Serialize(Model);
        if (_sent != json)
        {
            _sent = json;
            await _chart.InvokeAsync("load", Model);
        }
    }
}
