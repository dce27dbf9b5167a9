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
/// read and sent, where what is shown can but grow; else the whole is read now and then, on a grid that stays, and what differs is sent.
/// </summary>
public sealed partial class CurvesPanel : IDisposable
{
    public const int MaxCurves = 200;
    private const int Buckets = 600;

    private static readonly TimeSpan s_wholeAtMostEvery = TimeSpan.FromSeconds(2);

    private CurveLines _lines = CurveLines.None;
    private (double From, double To)? _whole;
    private (IReadOnlyList<RunSummary> Runs, CurveView View)? _seen;
    private (CurveView View, int Jobs, string Runs)? _what;
    private LiveReading _reading = null!;
    private CurveTail _tail = null!;
    private LineChart? _chart;

    // Without a receiver: points go to the chart alone, and nothing else is drawn anew for them.
    private EventCallback _pointsCame;
    private DateTimeOffset _wholeAt;
    private bool _grewThen;
    private bool _loaded;

    [Inject]
    public required MetricReader Metrics { get; init; }

    [Inject]
    public required LivePoints Points { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<CurvesPanel> Logger { get; init; }

    [Parameter, EditorRequired]
    public Guid ExperimentId { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<Axis> Axes { get; set; }

    /// <summary>A new list after every refresh of the page, which is less often than points come.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunSummary> Runs { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<string> MetricNames { get; set; }

    [Parameter, EditorRequired]
    public required CurveView View { get; set; }

    [Parameter]
    public EventCallback<CurveView> ViewChanged { get; set; }

    /// <summary>Of a saved chart, without its ending.</summary>
    [Parameter]
    public string FileName { get; set; } = "curves";

    /// <summary>A mean is over all runs, however many.</summary>
    private IReadOnlyList<RunSummary> Shown => View.Group is null && Runs.Count > MaxCurves ? [.. Runs.Take(MaxCurves)] : Runs;

    private int Drawn => View.Group is null ? _tail.Drawn : _lines.Series.Count(line => line.Curve.X.Length > 0);

    private bool IsBand => _lines.Series.Any(line => line.Seeds?.Any(count => count > 1) ?? false);

    private string Words => $"{MetricInfo.Of(View.Metric).Label} of {Drawn} {(View.Group is not null ? "groups of runs" : Drawn == 1 ? "run" : "runs")} against {View.XLabel.ToLowerInvariant()}";

    private IEnumerable<KeyValuePair<string, string>> ColorOptions => FieldText.Options(MatrixQuery.FieldsOf(Axes));

    private IEnumerable<KeyValuePair<string, string>> GroupOptions
    {
        get
        {
            var fields = Axes.Select(axis => axis.Field).ToList();
            IEnumerable<string> single = fields.Count > 1 ? fields : [];
            var pairs = fields.Count > 2 ? fields.SelectMany((one, i) => fields.Skip(i + 1).Select(two => $"{one},{two}")) : [];
            return single.Concat(pairs).Union(View.Group is null or CurveView.EveryCell ? [] : [View.Group])
                .Select(group => KeyValuePair.Create(group, $"mean by {string.Join(" and ", group.Split(',').Select(FieldText.Label)).ToLowerInvariant()}"))
                .Prepend(KeyValuePair.Create(CurveView.EveryCell, fields.Count > 0 ? "mean of each cell" : "mean of all runs"))
                .Prepend(KeyValuePair.Create("", "every run"));
        }
    }

    private IEnumerable<KeyValuePair<string, string>> AxisOptions =>
        SeriesNames.Progress.Union(MetricNames.Where(name => name != View.Metric)).Union(View.XAxis is { } chosen ? [chosen] : [])
            .Select(name => KeyValuePair.Create(name, MetricInfo.Of(name).Label)).Prepend(KeyValuePair.Create("", "Step"));

    public void Dispose() => _reading.Dispose();

    protected override void OnInitialized()
    {
        _tail = new(Points);
        _reading = new(ReadAsync, Logger, StateHasChanged);
        _pointsCame = new(null, (Func<Task>)LookForPointsAsync);
    }

    protected override Task OnParametersSetAsync()
    {
        // A page renders more often than it has something new, and a log y needs nothing new.
        var seen = (Runs, View with { LogY = false });
        if (!RendererInfo.IsInteractive || _seen == seen)
        {
            return Task.CompletedTask;
        }

        var awaited = _seen?.View != seen.Item2;
        _seen = seen;
        return _reading.UpdateAsync(awaited);
    }

    private Task Show(CurveView view) => ViewChanged.InvokeAsync(view);

    private async Task LookForPointsAsync()
    {
        var said = (_reading.Failed, Drawn == 0);
        await _reading.UpdateAsync();
        if (said != (_reading.Failed, Drawn == 0))
        {
            StateHasChanged();
        }
    }

    private async Task ReadAsync()
    {
        var (view, runs) = (View, Shown);
        // Jobs find values of runs that no longer train, and of steps before those that are drawn.
        var jobs = MeasuredQueries.MayBeFoundByJobs(view.Metric) ? await Metrics.CountJobsAsync([.. runs.Select(run => run.Id)], _reading.Left) : 0;
        var what = (view with { LogY = false }, jobs, string.Join(' ', runs.Select(run => $"{run.Id}/{run.Attempt}")));
        if (what != _what || _reading.Failed || _tail.Added > Buckets || MustReadAgain(view, runs))
        {
            await LoadAsync(view, runs);
            _what = what;
        }
        else if (view.OnlyGrows && _chart is { } chart && chart.Shows(_lines.Series))
        {
            await chart.AppendAsync(await _tail.ReadAsync(runs, _reading.Left));
        }
    }

    /// <summary>Means, and axes that may fall, have no end that points could be added to. A stretch that a person looks at stays as it is.</summary>
    private bool MustReadAgain(CurveView view, IReadOnlyList<RunSummary> runs) =>
        !view.OnlyGrows && view.Zoom is null && (_grewThen || Grow(runs)) && Time.GetUtcNow() - _wholeAt >= s_wholeAtMostEvery;

    private async Task LoadAsync(CurveView view, IReadOnlyList<RunSummary> runs)
    {
        var query = new CurveQuery([.. runs.Select(run => run.Id)], [view.Metric], view.XAxis, view.Zoom?.From, view.Zoom?.To, Buckets)
        {
            Smoothing = view.Smoothing,
            LogX = view.LogX,
            Steady = !view.OnlyGrows,
        };
        var read = (await Metrics.ReadCurvesAsync(query, _reading.Left)).ToDictionary(curve => curve.RunId);
        var curves = runs.Select(run => read.GetValueOrDefault(run.Id) ?? new(run.Id, Curve.Empty(view.Metric))).ToList();
        _tail.Restart(curves, runs, view.Smoothing, view.XAxis);
        _whole = view.Zoom is null || read.Count == 0 ? null : (read.Values.Min(curve => curve.Whole.From), read.Values.Max(curve => curve.Whole.To));
        _lines = CurveLines.Of(curves, await RestartsAsync(view, runs), runs, Axes, view, Buckets);
        (_loaded, _wholeAt, _grewThen) = (true, Time.GetUtcNow(), Grow(runs));
        StateHasChanged();
    }

    /// <summary>They are steps, so that there is a place for them on that axis alone.</summary>
    private async Task<ILookup<Guid, double>> RestartsAsync(CurveView view, IReadOnlyList<RunSummary> runs)
    {
        var again = runs.Where(run => view.XAxis is null && view.Group is null && run.Attempt > 1).Select(run => run.Id).ToList();
        var restarts = again.Count > 0 ? await Metrics.ReadRestartsAsync(again, _reading.Left) : [];
        return restarts.ToLookup(restart => restart.RunId, restart => (double)restart.Step);
    }

    private static bool Grow(IReadOnlyList<RunSummary> runs) => runs.Any(run => run.State.IsActive());
}
