using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>What the browser needs to know of a series beside its points.</summary>
internal sealed record LineStyle(string Label, string Color, bool Dashed);

/// <param name="Percent">Values are shares, to be written in percent.</param>
internal sealed record AxisText(string Label, bool Percent);

internal sealed record LineChartOptions(AxisText X, AxisText Y, bool LogX, bool LogY);

/// <summary>
/// Draws series with the envelope of their smallest and largest values, so that no spike vanishes. A new list in
/// <see cref="Series"/> is sent whole; points that come later are added with <see cref="AppendAsync"/> alone.
/// </summary>
public sealed partial class LineChart : IAsyncDisposable
{
    private ElementReference _element;
    private ChartHandle? _chart;
    private DotNetObjectReference<LineChart>? _self;
    private IReadOnlyList<LineSeries>? _sent;
    private (bool LogX, bool LogY) _scale;
    private string? _axes;
    private bool _creating;

    [Inject]
    public required IJSRuntime Js { get; init; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<LineSeries> Series { get; set; }

    /// <summary>What the chart shows, in words.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    [Parameter]
    public string XLabel { get; set; } = "Step";

    [Parameter]
    public string YLabel { get; set; } = "";

    [Parameter]
    public bool Percent { get; set; }

    [Parameter]
    public bool LogX { get; set; }

    [Parameter]
    public bool LogY { get; set; }

    [Parameter]
    public int Height { get; set; } = 320;

    /// <summary>The stretch of x that a person zoomed to; null: all of it again.</summary>
    [Parameter]
    public EventCallback<(double From, double To)?> Zoomed { get; set; }

    /// <summary>Adds points at the end of series. Points for a list that was not sent yet come with it anyway.</summary>
    public async Task AppendAsync(IReadOnlyList<LinePoints> added)
    {
        if (_chart is not null && ReferenceEquals(_sent, Series) && added.Count > 0)
        {
            await _chart.InvokeAsync("append", CurveBytes.Points(added));
        }
    }

    [JSInvokable]
    public Task OnZoom(double? from, double? to) =>
        InvokeAsync(() => Zoomed.InvokeAsync(from is { } left && to is { } right ? (left, right) : null));

    public async ValueTask DisposeAsync()
    {
        if (_chart is not null)
        {
            await _chart.DisposeAsync();
        }

        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_creating)
        {
            return;
        }

        var axes = $"{XLabel}\n{YLabel}\n{Percent}";
        if (_chart is null || _axes != axes)
        {
            _creating = true;
            if (_chart is not null)
            {
                await _chart.DisposeAsync();
            }

            _self ??= DotNetObjectReference.Create(this);
            var options = new LineChartOptions(new(XLabel, false), new(YLabel, Percent), LogX, LogY);
            _chart = await ChartHandle.CreateAsync(Js, "lineChart.js", _element, _self, options);
            (_axes, _sent, _scale, _creating) = (axes, null, (LogX, LogY), false);
        }

        if (_scale != (LogX, LogY))
        {
            _scale = (LogX, LogY);
            await _chart.InvokeAsync("scale", LogX, LogY);
        }

        if (!ReferenceEquals(_sent, Series))
        {
            _sent = Series;
            await _chart.InvokeAsync(
                "load",
                Series.Select(line => new LineStyle(line.Label, line.Color, line.Dashed)),
                Series.Select(line => line.Curve.Exact),
                CurveBytes.Curves(Series));
        }
    }
}
