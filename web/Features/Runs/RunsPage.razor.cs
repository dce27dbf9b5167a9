using MaeLab.Web.Browser;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Experiments;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Runs;

/// <summary>Filter, order and place are in the address: going back is the browser's own button.</summary>
public sealed partial class RunsPage
{
    private const int PageSize = 50;
    private const int OfferedExperiments = 100;

    private static readonly KeyValuePair<string, string>[] s_states =
    [
        KeyValuePair.Create("", "all"),
        KeyValuePair.Create("queued,assigned,running,stopping", "open"),
        .. Enum.GetValues<RunState>().Select(state => KeyValuePair.Create(StateText.Word(state).ToLowerInvariant(), StateText.Word(state).ToLowerInvariant())),
    ];

    private static readonly KeyValuePair<string, string>[] s_sorts =
    [
        KeyValuePair.Create(RunOrder.Default, "newest first"),
        KeyValuePair.Create("created", "oldest first"),
        KeyValuePair.Create("-linearAccuracy", "best linear probe"),
        KeyValuePair.Create("loss", "lowest loss"),
        KeyValuePair.Create("maskRatio", "mask ratio"),
        KeyValuePair.Create("patchSize", "patch size"),
        KeyValuePair.Create("seed", "seed"),
    ];

    private IReadOnlyList<KeyValuePair<Guid, string>> _experiments = [];
    private RunPage? _page;
    private int _count;
    private RunQuery? _shown;

    [Inject]
    public required RunReader Runs { get; init; }

    [Inject]
    public required ExperimentReader Experiments { get; init; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "experiment")]
    public string? Experiment { get; set; }

    /// <summary>As in the API: states with commas.</summary>
    [SupplyParameterFromQuery(Name = "state")]
    public string? State { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "cursor")]
    public string? CursorText { get; set; }

    private bool IsFiltered => Text is not null || Experiment is not null || State is not null;

    private IEnumerable<KeyValuePair<string, string>> ExperimentOptions =>
        [KeyValuePair.Create("", "all"), .. _experiments.Select(experiment => KeyValuePair.Create(experiment.Key.ToString(), experiment.Value))];

    protected override async Task OnParametersSetAsync()
    {
        var query = Query();
        if (_shown is null || query with { States = null } != _shown with { States = null } || !query.States!.SequenceEqual(_shown.States!))
        {
            _shown = query;
            _experiments = await ReadOnceAsync("experiments", () => Experiments.NamesAsync(OfferedExperiments, Left));
            await ShowAsync(() => ReadOnceAsync("runs", ReadAsync));
        }
    }

    private Task RefreshAsync() => ShowAsync(ReadAsync);

    private async Task ShowAsync(Func<Task<(RunPage Page, int Count)>> read)
    {
        var asked = _shown;
        var (page, count) = await read();
        // Else other runs were asked for meanwhile, and are there or on their way.
        if (ReferenceEquals(asked, _shown))
        {
            (_page, _count) = (page, count);
        }
    }

    private async Task<(RunPage Page, int Count)> ReadAsync()
    {
        var query = _shown!;
        return (await Runs.ListAsync(query, Left), await Runs.CountAsync(query, Left));
    }

    /// <summary>What cannot be read in the address is as if it were not there.</summary>
    private RunQuery Query()
    {
        var (sortWord, descending) = RunOrder.Split(Sort);
        var sort = EnumWord.Find<RunSort>(sortWord) ?? RunSort.Created;
        return new(
            Guid.TryParse(Experiment, out var experiment) ? experiment : null,
            [.. (State ?? "").Split(',').Select(EnumWord.Find<RunState>).OfType<RunState>()],
            Text?.Contains('\0') == true ? null : Text,
            sort,
            descending,
            RunCursor.TryParse(CursorText, out var cursor) && (cursor.Value.Sort, cursor.Value.Descending) == (sort, descending) ? cursor : null,
            PageSize);
    }

    private void Show(string name, object? value) =>
        Navigation.Show((name, value), ("cursor", null));

    private string PageUrl(string? cursor) => Navigation.GetUriWithQueryParameter("cursor", cursor);
}
