using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>What the browser needs to know of a series beside its points.</summary>
internal sealed record LineStyle(string Label, string Color, IReadOnlyList<double> Dash);

/// <param name="Percent">Values are shares, to be written in percent.</param>
internal sealed record AxisText(string Label, bool Percent);

internal sealed record LineChartOptions(AxisText X, AxisText Y, bool LogY);

/// <summary>
/// Draws series with the envelope of their smallest and largest values, so that no spike vanishes. A new list in
/// <see cref="Series"/> is sent whole; points that come later are added with <see cref="AppendAsync"/> alone.
/// </summary>
public sealed partial class LineChart : IAsyncDisposable
{
    private ElementReference _element;
    private ChartHandle _chart = null!;
    private DotNetObjectReference<LineChart>? _self;
    private IReadOnlyList<LineSeries>? _sent;
    private bool _logY;
    private string? _axes;

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
    public bool LogY { get; set; }

    [Parameter]
    public int Height { get; set; } = 320;

    /// <summary>The stretch of x that a person zoomed to; null: all of it again.</summary>
    [Parameter]
    public EventCallback<(double From, double To)?> Zoomed { get; set; }

    /// <summary>
    /// The browser draws this list, so that new points of it can be added. Ask before reading them: what is added to
    /// another list, or to a chart that is not made yet, is lost.
    /// </summary>
    public bool Shows(IReadOnlyList<LineSeries> series) => _chart.IsThere && ReferenceEquals(_sent, series);

    /// <summary>Adds points at the end of the series it <see cref="Shows"/>.</summary>
    public async Task AppendAsync(IReadOnlyList<LinePoints> added)
    {
        if (added.Count > 0)
        {
            await _chart.InvokeAsync("append", CurveBytes.Points(added));
        }
    }

    [JSInvokable]
    public Task OnZoom(double? from, double? to) =>
        InvokeAsync(() => Zoomed.InvokeAsync(from is { } left && to is { } right ? (left, right) : null));

    public async ValueTask DisposeAsync()
    {
        await _chart.DisposeAsync();
        _self?.Dispose();
    }

    protected override void OnInitialized() => _chart = new(Js, "lineChart.js");

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_chart.IsBeingMade)
        {
            return;
        }

        var axes = $"{XLabel}\n{YLabel}\n{Percent}";
        if (!_chart.IsThere || _axes != axes)
        {
            (_axes, _sent, _logY) = (axes, null, LogY);
            _self ??= DotNetObjectReference.Create(this);
            await _chart.CreateAsync(_element, _self, new LineChartOptions(new(XLabel, false), new(YLabel, Percent), LogY));
        }

        if (_logY != LogY)
        {
            _logY = LogY;
            await _chart.InvokeAsync("scale", LogY);
        }

        if (!ReferenceEquals(_sent, Series))
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        _sent = Series;
        try
        {
            await _chart.InvokeAsync(
                "load",
                Series.Select(line => new LineStyle(line.Label, line.Color, ChartDashes.Of(line.Dash))),
                Series.Select(line => line.Curve.Exact),
                CurveBytes.Curves(Series));
        }
        catch (OperationCanceledException)
        {
            // The browser did not answer, so it is not known what it draws.
            _sent = null;
            throw;
        }
    }
}
