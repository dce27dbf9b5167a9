using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Web.Browser;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Runs;

/// <summary>Which runs are shown. Every choice goes into the address.</summary>
public sealed partial class RunFilters
{
    private static readonly KeyValuePair<string, string>[] s_states =
    [
        KeyValuePair.Create("", "all"),
        KeyValuePair.Create("queued,assigned,running,stopping", "open"),
        .. Enum.GetValues<RunState>().Select(state => KeyValuePair.Create(EnumWord.Of(state), StateText.Word(state).ToLowerInvariant())),
    ];

    private static readonly KeyValuePair<string, string>[] s_archived =
    [
        KeyValuePair.Create(EnumWord.Of(ArchivedRuns.Hidden), "hidden"),
        KeyValuePair.Create(EnumWord.Of(ArchivedRuns.Only), "only"),
        KeyValuePair.Create(EnumWord.Of(ArchivedRuns.Shown), "shown"),
    ];

    private static readonly KeyValuePair<string, string>[] s_fields =
        [KeyValuePair.Create("", "any"), .. FieldText.Options(RecipeFields.All.Select(field => field.Path))];

    private string? _field;
    private IReadOnlyList<RunGroup> _levels = [];

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required RunGroupReader Groups { get; init; }

    [Parameter, EditorRequired]
    public required RunTableView View { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<KeyValuePair<Guid, string>> Experiments { get; set; }

    /// <summary>All that any run has.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Tags { get; set; }

    private IEnumerable<KeyValuePair<string, string>> ExperimentOptions =>
    [
        KeyValuePair.Create("", "all"),
        .. Experiments.Select(experiment => KeyValuePair.Create(experiment.Key.ToString(), experiment.Value)),
        // One that is older than those offered.
        .. View.Filter.ExperimentId is { } chosen && Experiments.All(experiment => experiment.Key != chosen)
            ? [KeyValuePair.Create(chosen.ToString(), "the chosen one")] : Array.Empty<KeyValuePair<string, string>>(),
    ];

    private IEnumerable<KeyValuePair<string, string>> TagOptions =>
        [KeyValuePair.Create("", "any"), .. Tags.Except(View.Filter.Tags ?? []).Select(tag => KeyValuePair.Create(tag, tag))];

    private IEnumerable<KeyValuePair<string, string>> LevelOptions =>
        [KeyValuePair.Create("", "any"), .. _levels.Select(level => KeyValuePair.Create(level.Key, $"{Format.Literal(level.Key)} ({level.Count:#,0})"))];

    /// <summary>What is asked for beside the choices above, each with what takes it away.</summary>
    private IEnumerable<(string Label, Action Without)> Chips =>
    [
        .. (View.Filter.Levels ?? []).Select(level => (level.Label, (Action)(() => ShowLevels(View.Filter.Levels!.Where(other => other != level))))),
        .. (View.Filter.Tags ?? []).Select(tag => (tag, (Action)(() => ShowTags(View.Filter.Tags!.Where(other => other != tag))))),
        .. View.Filter.Cell is { } cell ? [($"Cell {cell}", (Action)(() => Navigation.Show(("cell", null))))] : Array.Empty<(string, Action)>(),
    ];

    private async Task ChooseFieldAsync(string path)
    {
        _field = path.Length > 0 ? path : null;
        _levels = path.Length > 0 ? await Groups.ReadAsync(View.Filter, path, CancellationToken.None) : [];
    }

    private void AddLevel(string literal)
    {
        if (literal.Length > 0 && _field is { } path)
        {
            _field = null;
            ShowLevels([.. View.Filter.Levels ?? [], new(RecipeFields.Find(path)!, literal)]);
        }
    }

    private void AddTag(string tag)
    {
        if (tag.Length > 0)
        {
            ShowTags([.. View.Filter.Tags ?? [], tag]);
        }
    }

    private void ShowLevels(IEnumerable<LevelFilter> levels) => Navigation.Show(("level", levels.Select(level => level.Word).ToArray()));

    private void ShowTags(IEnumerable<string> tags) => Navigation.Show(("tag", tags.ToArray()));
}
