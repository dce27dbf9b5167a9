using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Charts;
using MaeLab.Web.Live;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Run;

/// <summary>A chart for every series of a run worth looking at; only new points are read and sent.</summary>
public sealed partial class RunCharts : IDisposable
{
    private const int Buckets = 800;

    private static readonly string[] s_first = [SeriesNames.TrainLoss, SeriesNames.LearningRate, SeriesNames.GradientNorm, SeriesNames.ImagesPerSecond];

    private readonly Dictionary<string, LineChart?> _charts = [];
    private readonly Dictionary<string, IReadOnlyList<LineSeries>> _series = [];
    private readonly Dictionary<string, CurveTail> _tails = [];
    private readonly HashSet<string> _log = [];
    private IReadOnlyList<string> _names = [];
    private LiveReading _reading = null!;
    private RunDetail? _seen;
    private (Guid Id, int Attempt, RunState State, int Jobs)? _read;

    [Inject]
    public required MetricReader Metrics { get; init; }

    [Inject]
    public required LivePoints Points { get; init; }

    [Inject]
    public required ILogger<RunCharts> Logger { get; init; }

    [Parameter, EditorRequired]
    public Guid RunId { get; set; }

    /// <summary>A new one after every refresh; that is what brings new points.</summary>
    [Parameter, EditorRequired]
    public required RunDetail Run { get; set; }

    /// <summary>How many of its jobs have completed: what they found are points of its series, anywhere.</summary>
    [Parameter]
    public int CompletedJobs { get; set; }

    public void Dispose() => _reading.Dispose();

    protected override void OnInitialized() => _reading = new(ReadAsync, Logger);

    protected override Task OnParametersSetAsync()
    {
        // A page renders more often than it has something new.
        if (!RendererInfo.IsInteractive || ReferenceEquals(Run, _seen))
        {
            return Task.CompletedTask;
        }

        _seen = Run;
        return _reading.Failed || _read != (RunId, Run.Attempt, Run.State, CompletedJobs) || Run.State.IsActive() ? _reading.UpdateAsync() : Task.CompletedTask;
    }

    private async Task ReadAsync()
    {
        var (id, run, jobs) = (RunId, Run, CompletedJobs);
        if (_reading.Failed || _read?.Id != id || _read?.Attempt != run.Attempt || _read?.Jobs != jobs)
        {
            _tails.Clear();
        }

        var names = Order(await Metrics.ListNamesAsync([id], _reading.Left));
        var whole = names.Where(name => !_tails.TryGetValue(name, out var tail) || tail.Added > Buckets || IsSinglePoint(name)).ToList();
        if (whole.Count > 0)
        {
            foreach (var read in await Metrics.ReadCurvesAsync(new([id], whole, Buckets: Buckets), _reading.Left))
            {
                var name = read.Curve.Name;
                _series[name] = [new(MetricInfo.Of(name).Label, ChartColors.Category(0), read.Curve)];
                _tails[name] = new(Points);
                _tails[name].Restart([read], [run]);
            }
        }

        foreach (var name in names.Except(whole))
        {
            if (_charts.GetValueOrDefault(name) is { } chart && chart.Shows(_series[name]))
            {
                await chart.AppendAsync(await _tails[name].ReadAsync([run], _reading.Left));
            }
        }

        _names = [.. names.Where(_series.ContainsKey)];
        _read = (id, run.Attempt, run.State, jobs);
    }

    private static RunChartGroup GroupOf(string name) =>
        name.StartsWith(SeriesNames.SystemGroup, StringComparison.Ordinal) ? RunChartGroup.System
        : name.StartsWith(SeriesNames.TheoryGroup, StringComparison.Ordinal) ? RunChartGroup.Theory
        : RunChartGroup.Training;

    /// <summary>It has no chart that points could be added to.</summary>
    private bool IsSinglePoint(string name) => _series[name][0].Curve.X.Length == 1;

    /// <summary>The axes that others are drawn against say nothing by themselves, and one point is no curve.</summary>
    private static List<string> Order(IEnumerable<string> names)
    {
        var shown = names.Where(name => !name.StartsWith("progress/", StringComparison.Ordinal) && name != SeriesNames.LinearAccuracy).ToList();
        return [.. s_first.Intersect(shown), .. shown.Except(s_first)];
    }

    private void ToggleLog(string name)
    {
        if (!_log.Remove(name))
        {
            _log.Add(name);
        }
    }
}
