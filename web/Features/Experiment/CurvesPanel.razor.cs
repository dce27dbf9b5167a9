using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

/// <summary>
/// The curves of an experiment's runs over one bucket grid. The whole is read when what is asked for changes, or when
/// points have piled up beyond the buckets; in between only new points are read and sent.
/// </summary>
public sealed partial class CurvesPanel : IDisposable
{
    public const int MaxCurves = 200;
    private const int Buckets = 600;

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<LineSeries> _series = [];
    private IReadOnlyList<(string Label, string Color)> _legend = [];
    private (double From, double To)? _zoom;
    private CurveTail _tail = null!;
    private LineChart? _chart;
    private string? _what;
    private string? _painted;
    private bool _loaded;
    private bool _updating;
    private bool _again;

    [Inject]
    public required MetricReader Metrics { get; init; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<Axis> Axes { get; set; }

    /// <summary>A new list after every refresh; that is what brings new points.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunSummary> Runs { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<string> MetricNames { get; set; }

    [Parameter]
    public string Metric { get; set; } = SeriesNames.TrainLoss;

    [Parameter]
    public EventCallback<string> MetricChanged { get; set; }

    [Parameter]
    public string? ColorBy { get; set; }

    [Parameter]
    public EventCallback<string> ColorByChanged { get; set; }

    /// <summary>Series that serves as x; null or empty: the step.</summary>
    [Parameter]
    public string? XAxis { get; set; }

    [Parameter]
    public EventCallback<string> XAxisChanged { get; set; }

    [Parameter]
    public bool LogY { get; set; }

    [Parameter]
    public EventCallback<bool> LogYChanged { get; set; }

    private string XLabel => string.IsNullOrEmpty(XAxis) ? "Step" : MetricInfo.Of(XAxis).Label;

    private string Words => $"{MetricInfo.Of(Metric).Label} of {_series.Count} runs against {XLabel.ToLowerInvariant()}";

    private IEnumerable<KeyValuePair<string, string>> MetricOptions =>
        MetricNames.Where(name => !name.StartsWith("progress/", StringComparison.Ordinal)).Union([Metric])
            .Select(name => KeyValuePair.Create(name, MetricInfo.Of(name).Label));

    private IEnumerable<KeyValuePair<string, string>> ColorOptions =>
        FieldText.Options(MatrixQuery.FieldsOf(Axes));

    private static IEnumerable<KeyValuePair<string, string>> AxisOptions =>
        [KeyValuePair.Create("", "Step"), .. new[] { SeriesNames.Epoch, SeriesNames.ElapsedSeconds, SeriesNames.Images, SeriesNames.VisibleTokens }
            .Select(name => KeyValuePair.Create(name, MetricInfo.Of(name).Label))];

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override void OnInitialized() => _tail = new(Metrics);

    protected override Task OnParametersSetAsync() => RendererInfo.IsInteractive ? UpdateAsync() : Task.CompletedTask;

    private Task ZoomAsync((double From, double To)? zoom)
    {
        _zoom = zoom;
        return UpdateAsync();
    }

    /// <summary>One update at a time; what was asked for meanwhile follows at once.</summary>
    private async Task UpdateAsync()
    {
        _again = true;
        if (_updating)
        {
            return;
        }

        _updating = true;
        try
        {
            while (_again)
            {
                _again = false;
                await ReadAsync([.. Runs.Take(MaxCurves)]);
            }
        }
        finally
        {
            _updating = false;
        }
    }

    private async Task ReadAsync(List<RunSummary> runs)
    {
        var what = $"{Metric} {XAxis} {_zoom} {string.Join(' ', runs.Select(run => $"{run.Id}/{run.Attempt}"))}";
        var drawn = _tail.RunIds.ToHashSet();
        var newcomers = runs.Exists(run => run.Step > 0 && !drawn.Contains(run.Id));
        var byStep = string.IsNullOrEmpty(XAxis);
        if (what != _what || newcomers || _tail.Added > Buckets || (!byStep && runs.Exists(run => run.State.IsActive())))
        {
            _what = what;
            await LoadAsync(runs);
        }
        else if (byStep && _zoom is null && _chart is not null)
        {
            await _chart.AppendAsync(await _tail.ReadAsync(runs, _left.Token));
        }

        Paint(runs);
    }

    private async Task LoadAsync(List<RunSummary> runs)
    {
        var query = new CurveQuery(
            [.. runs.Select(run => run.Id)], [Metric], string.IsNullOrEmpty(XAxis) ? null : XAxis, _zoom?.From, _zoom?.To, Buckets);
        var curves = await Metrics.ReadCurvesAsync(query, _left.Token);
        _tail.Restart(curves, runs);
        _series = [.. curves.Select(curve => new LineSeries("", "", curve.Curve))];
        (_loaded, _painted) = (true, null);
    }

    /// <summary>"0.75 · 4 · seed 0": the legend says which factors these are.</summary>
    private static string ShortName(RunSummary run) =>
        string.Join(" · ", [.. run.Levels.Select(level => Format.Literal(level.Value?.ToJsonString() ?? "null")), $"seed {run.Seed}"]);

    /// <summary>Labels and colours; a new list only where they changed, since that sends all points again.</summary>
    private void Paint(List<RunSummary> runs)
    {
        var field = ColorBy ?? MatrixQuery.FieldsOf(Axes)[0];
        if (_painted == field)
        {
            return;
        }

        _painted = field;
        var byId = runs.ToDictionary(run => run.Id);
        var colors = new RunColors(field, Axes, Runs);
        _series = [.. _series.Zip(_tail.RunIds, (line, runId) => line with { Label = ShortName(byId[runId]), Color = colors.Of(byId[runId]) })];
        _legend = [.. colors.Legend];
    }
}
