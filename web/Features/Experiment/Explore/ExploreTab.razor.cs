using MaeLab.Domain.Runs;
using MaeLab.Web.Browser;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment.Explore;

/// <summary>
/// Runs as lines, points and means over their factors and what they came to. What is marked in one chart is marked in all.
/// </summary>
public sealed partial class ExploreTab : IDisposable
{
    private static readonly TimeSpan s_atMostEvery = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, SliceChart?> _slices = [];
    private IReadOnlyDictionary<string, IReadOnlyDictionary<Guid, double>> _values = new Dictionary<string, IReadOnlyDictionary<Guid, double>>();
    private LiveReading _reading = null!;
    private ExploreView _shown = null!;
    private RunCloud? _cloud;
    private ParallelChart? _parallel;
    private ScatterChart? _scatter;
    private string? _read;
    private DateTimeOffset _readAt;
    private bool _grewThen;

    [Inject]
    public required CloudReader Reader { get; init; }

    [Inject]
    public required TimeProvider Time { get; init; }

    [Inject]
    public required ILogger<ExploreTab> Logger { get; init; }

    /// <summary>A new list after every refresh.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunSummary> Runs { get; set; }

    [SupplyParameterFromQuery(Name = "axes")]
    public string? AxesText { get; set; }

    [SupplyParameterFromQuery(Name = "sx")]
    public string? X { get; set; }

    [SupplyParameterFromQuery(Name = "sy")]
    public string? Y { get; set; }

    [SupplyParameterFromQuery(Name = "by")]
    public string? By { get; set; }

    [SupplyParameterFromQuery(Name = "pareto")]
    public string? Pareto { get; set; }

    /// <summary>What is marked, each as dimension:low:high.</summary>
    [SupplyParameterFromQuery(Name = "brush")]
    public string[]? Brush { get; set; }

    private IEnumerable<KeyValuePair<string, string>> Options =>
        FieldText.Options(MatrixQuery.FieldsOf(View.Experiment.Axes)).Concat(View.MetricNames.Select(name => KeyValuePair.Create(name, MetricInfo.Of(name).Label)));

    private string ScatterLabel => $"{_cloud!.Of(_shown.Y).Label} against {_cloud.Of(_shown.X).Label.ToLowerInvariant()}, coloured by {_cloud.Of(_shown.By).Label.ToLowerInvariant()}";

    public void Dispose() => _reading.Dispose();

    protected override void OnInitialized() => _reading = new(ReadAsync, Logger);

    protected override async Task OnParametersSetAsync()
    {
        _shown = ExploreView.Parse(View.Experiment.Axes, View.MetricNames, View.Query.Metric, AxesText, X, Y, By, AddressState.IsOn(Pareto), Brush);
        if (RendererInfo.IsInteractive)
        {
            if (MustRead())
            {
                await _reading.UpdateAsync(awaited: _read != string.Join(' ', Metrics));
            }

            _cloud = new(View.Experiment.Axes, Runs, _values, _shown);
        }
    }

    private IReadOnlyList<string> Metrics => [.. _shown.Names.Append(View.Query.Metric).Except(MatrixQuery.FieldsOf(View.Experiment.Axes)).Order()];

    private bool MustRead() =>
        _reading.Failed || _read != string.Join(' ', Metrics) || ((_grewThen || Grow) && Time.GetUtcNow() - _readAt >= s_atMostEvery);

    private bool Grow => Runs.Any(run => run.State.IsActive());

    private async Task ReadAsync()
    {
        var metrics = Metrics;
        _values = await Reader.LastValuesAsync(View.Experiment.Id, metrics, _reading.Left);
        (_read, _readAt, _grewThen) = (string.Join(' ', metrics), Time.GetUtcNow(), Grow);
    }

    private void Show(ExploreView view) => Navigation.Show(view.Address());

    /// <summary>"higher linear probe accuracy".</summary>
    private string Wanted(string name)
    {
        var dimension = _cloud!.Of(name);
        return $"{(dimension.Better == BetterWhen.Higher ? "higher" : "lower")} {dimension.Label.ToLowerInvariant()}";
    }
}
