using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace MaeLab.Web.Charts;

/// <summary>What the browser needs to know of a series beside its points.</summary>
/// <param name="Exact">There is no envelope to draw.</param>
internal sealed record LineStyle(string Label, string Color, IReadOnlyList<double> Dash, bool Exact, IReadOnlyList<double> Marks);

/// <param name="Percent">Values are shares, to be written in percent.</param>
internal sealed record AxisText(string Label, bool Percent);

internal sealed record LineChartOptions(AxisText X, AxisText Y, bool LogX, bool LogY, double[]? Zoom);

/// <summary>
/// Draws series with the envelope of their smallest and largest values, so that no spike vanishes. A new list in
/// <see cref="Series"/> is sent whole, or where the lines are the same from where each of them differs; points that come later are added with
/// <see cref="AppendAsync"/> alone.
/// </summary>
public sealed partial class LineChart() : ChartComponent("lineChart.js")
{
    private DotNetObjectReference<LineChart>? _self;
    private IReadOnlyList<LineSeries>? _sent;
    private (double From, double To)? _sentWhole;
    private bool _added;
    private (bool LogX, bool LogY) _scale;
    private (double From, double To)? _asked;
    private (double From, double To)? _zoomed;
    private string? _axes;

    [Parameter, EditorRequired]
    public required IReadOnlyList<LineSeries> Series { get; set; }

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

    /// <summary>The stretch of x to show; null: all of it. What a person zooms to counts until another one is given.</summary>
    [Parameter]
    public (double From, double To)? Zoom { get; set; }

    /// <summary>All of x there is, where the series hold a stretch of it alone: so far keys zoom out and move along. Null: they hold all.</summary>
    [Parameter]
    public (double From, double To)? Whole { get; set; }

    /// <summary>The stretch of x that a person zoomed to; null: all of it again.</summary>
    [Parameter]
    public EventCallback<(double From, double To)?> Zoomed { get; set; }

    /// <summary>The stretch that is shown, for whoever does not see the axis; empty: all of it.</summary>
    private string Range => (Zoomed.HasDelegate ? Zoom : _zoomed) is { } stretch ? $"{XLabel.ToLowerInvariant()} {Format.Number(stretch.From)} to {Format.Number(stretch.To)}" : "";

    /// <summary>
    /// The browser draws this list, so that new points of it can be added. Ask before reading them: what is added to
    /// another list, or to a chart that is not made yet, is lost.
    /// </summary>
    public bool Shows(IReadOnlyList<LineSeries> series) => Chart.IsThere && ReferenceEquals(_sent, series);

    /// <summary>Adds points at the end of the series it <see cref="Shows"/>.</summary>
    public async Task AppendAsync(IReadOnlyList<LinePoints> added)
    {
        if (added.Count > 0)
        {
            _added = true;
            await Chart.InvokeAsync("append", CurveBytes.Points(added));
        }
    }

    [JSInvokable]
    public Task OnZoom(double? from, double? to) => InvokeAsync(() =>
    {
        _zoomed = from is { } left && to is { } right ? (left, right) : null;
        StateHasChanged();
        return Zoomed.InvokeAsync(_zoomed);
    });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _self?.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Chart.IsBeingMade)
        {
            return;
        }

        var axes = $"{XLabel}\n{YLabel}\n{Percent}";
        if (!Chart.IsThere || _axes != axes)
        {
            (_axes, _sent, _scale, _asked, _zoomed) = (axes, null, (LogX, LogY), Zoom, Zoom);
            _self ??= DotNetObjectReference.Create(this);
            await Chart.CreateAsync(
                Element, _self, new LineChartOptions(new(XLabel, false), new(YLabel, Percent), LogX, LogY, Zoom is { } zoom ? [zoom.From, zoom.To] : null));
        }

        if (_scale != (LogX, LogY))
        {
            _scale = (LogX, LogY);
            await Chart.InvokeAsync("scale", LogX, LogY);
        }

        if (_asked != Zoom)
        {
            _asked = Zoom;
            await ShowAsync(Zoom);
        }

        if (!ReferenceEquals(_sent, Series))
        {
            await LoadAsync();
        }
    }

    private async Task ShowAsync((double From, double To)? zoom)
    {
        // The browser is where it came from, unless it is a link or a button that asks.
        if (_zoomed != zoom)
        {
            _zoomed = zoom;
            await Chart.InvokeAsync("show", zoom is { } stretch ? new[] { stretch.From, stretch.To } : null);
        }
    }

    private async Task LoadAsync()
    {
        var starts = _sent is { } drawn && !_added && _sentWhole == Whole ? CurveBytes.StartsOfChange(drawn, Series) : null;
        (_sent, _sentWhole, _added) = (Series, Whole, false);
        try
        {
            if (starts is null)
            {
                await Chart.InvokeAsync(
                    "load",
                    Series.Select(line => new LineStyle(line.Label, line.Color, ChartDashes.Of(line.Dash), line.Curve.Exact, line.Marks ?? [])),
                    CurveBytes.ColumnsOf(Series),
                    CurveBytes.Curves(Series),
                    Whole is { } whole ? new[] { whole.From, whole.To } : null);
            }
            else if (starts.Any(start => start is not null))
            {
                await Chart.InvokeAsync("replace", CurveBytes.ColumnsOf(Series), starts, CurveBytes.CurvesFrom(Series, starts));
            }
        }
        catch (OperationCanceledException)
        {
            // The browser did not answer, so it is not known what it draws.
            _sent = null;
            throw;
        }
    }
}
