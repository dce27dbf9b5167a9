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

    private readonly CancellationTokenSource _left = new();
    private readonly Dictionary<string, LineChart?> _charts = [];
    private readonly Dictionary<string, IReadOnlyList<LineSeries>> _series = [];
    private readonly Dictionary<string, CurveTail> _tails = [];
    private readonly HashSet<string> _log = [];
    private IReadOnlyList<string> _names = [];
    private (Guid Id, int Attempt, RunState State)? _read;
    private bool _updating;

    [Inject]
    public required MetricReader Metrics { get; init; }

    [Parameter, EditorRequired]
    public Guid RunId { get; set; }

    /// <summary>A new one after every refresh; that is what brings new points.</summary>
    [Parameter, EditorRequired]
    public required RunDetail Run { get; set; }

    public void Dispose()
    {
        _left.Cancel();
        _left.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        var now = (RunId, Run.Attempt, Run.State);
        if (!RendererInfo.IsInteractive || _updating || (now == _read && !Run.State.IsActive()))
        {
            return;
        }

        _updating = true;
        try
        {
            if (_read?.Id != RunId || _read?.Attempt != Run.Attempt)
            {
                _tails.Clear();
            }

            _read = now;
            await UpdateAsync();
        }
        finally
        {
            _updating = false;
        }
    }

    private async Task UpdateAsync()
    {
        var names = Order(await Metrics.ListNamesAsync([RunId], _left.Token));
        var whole = names.Where(name => !_tails.TryGetValue(name, out var tail) || tail.Added > Buckets).ToList();
        if (whole.Count > 0)
        {
            foreach (var read in await Metrics.ReadCurvesAsync(new([RunId], whole, Buckets: Buckets), _left.Token))
            {
                var name = read.Curve.Name;
                _series[name] = [new(MetricInfo.Of(name).Label, ChartColors.Category(0), read.Curve)];
                _tails[name] = new(Metrics);
                _tails[name].Restart([read], [Run]);
            }
        }

        foreach (var name in names.Except(whole))
        {
            if (_charts.GetValueOrDefault(name) is { } chart)
            {
                await chart.AppendAsync(await _tails[name].ReadAsync([Run], _left.Token));
            }
        }

        _names = [.. names.Where(_series.ContainsKey)];
    }

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
