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
/// The curves of an experiment's runs over one bucket grid, a line for each run even before its first point. The whole is
/// read when what is asked for changes, or when points have piled up beyond the buckets; in between only new points are
/// read and sent.
/// </summary>
public sealed partial class CurvesPanel : IDisposable
{
    public const int MaxCurves = 200;
    private const int Buckets = 600;

    private IReadOnlyList<LineSeries> _series = [];
    private IReadOnlyList<(string Label, string Color)> _legend = [];
    private IReadOnlyList<(string Label, string Dash)> _dashLegend = [];
    private (double From, double To)? _zoom;
    private (IReadOnlyList<RunSummary> Runs, string Metric, string? XAxis, string? ColorBy)? _seen;
    private LiveReading _reading = null!;
    private CurveTail _tail = null!;
    private LineChart? _chart;
    private string? _what;
    private string? _painted;
    private bool _loaded;

    [Inject]
    public required MetricReader Metrics { get; init; }

    [Inject]
    public required ILogger<CurvesPanel> Logger { get; init; }

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

    private string Words => $"{MetricInfo.Of(Metric).Label} of {_tail.Drawn} runs against {XLabel.ToLowerInvariant()}";

    private IEnumerable<KeyValuePair<string, string>> ColorOptions =>
        FieldText.Options(MatrixQuery.FieldsOf(Axes));

    private static IEnumerable<KeyValuePair<string, string>> AxisOptions =>
        [KeyValuePair.Create("", "Step"), .. new[] { SeriesNames.Epoch, SeriesNames.ElapsedSeconds, SeriesNames.Images, SeriesNames.VisibleTokens }
            .Select(name => KeyValuePair.Create(name, MetricInfo.Of(name).Label))];

    public void Dispose() => _reading.Dispose();

    protected override void OnInitialized()
    {
        _tail = new(Metrics);
        _reading = new(ReadAsync, Logger);
    }

    protected override Task OnParametersSetAsync()
    {
        // A page renders more often than it has something new.
        var seen = (Runs, Metric, XAxis, ColorBy);
        if (!RendererInfo.IsInteractive || _seen == seen)
        {
            return Task.CompletedTask;
        }

        if (_seen?.XAxis != XAxis)
        {
            _zoom = null;
        }

        _seen = seen;
        return _reading.UpdateAsync();
    }

    private Task ZoomAsync((double From, double To)? zoom)
    {
        _zoom = zoom;
        return _reading.UpdateAsync();
    }

    private async Task ReadAsync()
    {
        var runs = Runs.Take(MaxCurves).ToList();
        var what = $"{Metric} {XAxis} {_zoom} {string.Join(' ', runs.Select(run => $"{run.Id}/{run.Attempt}"))}";
        var byStep = string.IsNullOrEmpty(XAxis);
        if (what != _what || _reading.Failed || _tail.Added > Buckets || (!byStep && runs.Exists(run => run.State.IsActive())))
        {
            await LoadAsync(runs);
            _what = what;
        }
        else if (byStep && _zoom is null && _chart is { } chart && chart.Shows(_series))
        {
            await chart.AppendAsync(await _tail.ReadAsync(runs, _reading.Left));
        }

        Paint(runs);
    }

    private async Task LoadAsync(List<RunSummary> runs)
    {
        var query = new CurveQuery(
            [.. runs.Select(run => run.Id)], [Metric], string.IsNullOrEmpty(XAxis) ? null : XAxis, _zoom?.From, _zoom?.To, Buckets);
        var read = (await Metrics.ReadCurvesAsync(query, _reading.Left)).ToDictionary(curve => curve.RunId);
        var curves = runs.ConvertAll(run => read.GetValueOrDefault(run.Id) ?? new(run.Id, Curve.Empty(Metric)));
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
        var colors = new RunLevels(field, Axes, Runs);
        // Dashes for another factor that varies, else the seed: several runs have each colour.
        var dashes = MatrixQuery.FieldsOf(Axes).Where(other => other != field).Select(other => new RunLevels(other, Axes, Runs)).FirstOrDefault(levels => levels.All.Count > 1);
        _series = [.. _series.Zip(_tail.RunIds, (line, runId) => line with
        {
            Label = ShortName(byId[runId]),
            Color = LevelColors.Of(colors.All, colors.IndexOf(byId[runId])),
            Dash = dashes?.IndexOf(byId[runId]) ?? 0,
        })];
        _legend = [.. colors.Labels.Select((label, index) => (label, LevelColors.Of(colors.All, index)))];
        _dashLegend = [.. dashes?.Labels.Select((label, index) => (label, string.Join(' ', ChartDashes.Of(index)))) ?? []];
    }
}
