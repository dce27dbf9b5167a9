using System.Globalization;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Browser;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Theory;

/// <summary>One question at a time: how a probe moves over the training and over the cells, and what lies behind it in two runs.</summary>
public sealed partial class TheoryTab : IDisposable
{
    private TheoryView? _view;
    private CurveLines _lines = CurveLines.None;
    private Matrix? _matrix;
    private SliceModel? _sliceModel;
    private IReadOnlyList<TheoryFigure> _figures = [];
    private LiveReading _reading = null!;
    private LineChart? _curve;
    private SliceChart? _slice;
    private (ExperimentView View, IReadOnlyList<RunSummary> Runs, TheoryProbe Probe, SideChoice Choice)? _seen;
    private (IReadOnlyList<TheoryValue> Values, string Runs, TheoryProbe Probe, string ColorBy)? _drawn;

    [Inject]
    public required TheoryReader Reader { get; init; }

    [Inject]
    public required PrerenderHandover Handover { get; init; }

    [Inject]
    public required ILogger<TheoryTab> Logger { get; init; }

    /// <summary>The runs that curves are drawn of; a new list after every refresh.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunSummary> Runs { get; set; }

    // All as text: an address may say anything, and what is not understood counts as left out.
    [SupplyParameterFromQuery(Name = "question")]
    public string? QuestionWord { get; set; }

    [SupplyParameterFromQuery(Name = "probe")]
    public string? ProbeWord { get; set; }

    /// <summary>Index of a cell.</summary>
    [SupplyParameterFromQuery(Name = "left")]
    public string? Left { get; set; }

    /// <summary>Index of a cell.</summary>
    [SupplyParameterFromQuery(Name = "right")]
    public string? Right { get; set; }

    [SupplyParameterFromQuery(Name = "seed")]
    public string? Seed { get; set; }

    /// <summary>The step of the pictures.</summary>
    [SupplyParameterFromQuery(Name = "at")]
    public string? Step { get; set; }

    /// <summary>The image whose maps are shown large; null: all.</summary>
    [SupplyParameterFromQuery(Name = "image")]
    public string? Image { get; set; }

    /// <summary>The removed patch of that image, by rows, whose map is shown.</summary>
    [SupplyParameterFromQuery(Name = "patch")]
    public string? Patch { get; set; }

    private TheoryQuestion Question => TheoryCatalogue.Of(EnumWord.Find<TheoryTopic>(QuestionWord ?? "") ?? default);

    private TheoryProbe Probe => Question.Probes.FirstOrDefault(probe => probe.Word == ProbeWord) ?? Question.Probes[0];

    /// <summary>What is in the charts; the one before, until what is asked for has been read.</summary>
    private TheoryProbe Drawn => _drawn!.Value.Probe;

    private SideChoice Choice => new((int?)Number(Left), (int?)Number(Right), Number(Seed), Number(Step));

    private IEnumerable<KeyValuePair<string, string>> ProbeOptions => Question.Probes.Select(probe => KeyValuePair.Create(probe.Word, probe.Label));

    private IEnumerable<KeyValuePair<string, string>> CellOptions => View.Runs.DistinctBy(run => run.CellIndex).OrderBy(run => run.CellIndex)
        .Select(run => KeyValuePair.Create(Words(run.CellIndex), run.CellName));

    private List<long> Seeds => [.. View.Runs.Select(run => run.Seed).Distinct().Order()];

    /// <summary>The newest one where nobody chose.</summary>
    private long ShownStep => _view!.Steps.LastOrDefault(step => step <= (Number(Step) ?? long.MaxValue), _view.Steps[0]);

    private int StepIndex => _view!.Steps.ToList().IndexOf(ShownStep);

    private string ColorBy => View.Query.Columns ?? Axis.SeedField;

    private (string? Row, string? Column)? LeftCell => _view!.Sides is [var left, ..]
        ? (View.Query.Rows is { } rows ? left.Run.LevelOf(rows) : null, View.Query.Columns is { } columns ? left.Run.LevelOf(columns) : null)
        : null;

    private string SliceTitle => View.Query.Columns is { } columns ? $"{Drawn.Label} by {FieldText.Label(columns).ToLowerInvariant()}" : Drawn.Label;

    /// <summary>The gist: where the cells have come to.</summary>
    private string CurveWords
    {
        get
        {
            var ends = _lines.Series.Select(line => (line.Label, Value: line.Curve.Last[^1])).OrderBy(end => end.Value).ToList();
            return ends.Count == 0 ? $"{Drawn.Label} over the training: no values in these runs"
                : $"{Drawn.Label} over the training, {ends.Count} {(ends.Count == 1 ? "cell" : "cells")}: at the end from {Format.Number(ends[0].Value)} ({ends[0].Label}) to {Format.Number(ends[^1].Value)} ({ends[^1].Label})";
        }
    }

    public void Dispose() => _reading.Dispose();

    protected override void OnInitialized() => _reading = new(ReadAsync, Logger);

    protected override Task OnParametersSetAsync()
    {
        // A page renders more often than it has something new.
        var seen = (View, Runs, Probe, Choice);
        if (_seen == seen)
        {
            return Task.CompletedTask;
        }

        var awaited = (_seen?.Probe, _seen?.Choice) != (Probe, Choice);
        _seen = seen;
        return _reading.UpdateAsync(awaited);
    }

    private async Task ReadAsync()
    {
        var probe = Probe;
        var view = _drawn is null ? await Handover.ReadOnceAsync(RendererInfo, "theory", FromDatabaseAsync) : await FromDatabaseAsync();

        // Else another one was asked for meanwhile, which is read next.
        if (probe == Probe)
        {
            Draw(probe, view);
        }
    }

    private Task<TheoryView> FromDatabaseAsync() => Reader.ReadAsync(View.Runs, Question, Probe, Choice, _reading.Left);

    private void Draw(TheoryProbe probe, TheoryView view)
    {
        // A new list of lines is sent whole, so there is one only when there is something new.
        var runs = string.Join(' ', Runs.Select(run => run.Id));
        if (_drawn is not { } drawn || drawn.Probe != probe || drawn.Runs != runs || drawn.ColorBy != ColorBy || !drawn.Values.SequenceEqual(view.Values))
        {
            _drawn = (view.Values, runs, probe, ColorBy);
            _lines = TheoryCurves.Of(view.Values, probe.Series, Runs, View.Experiment.Axes, ColorBy);
        }

        var newest = TheoryView.Newest(view.Values).ToDictionary(value => value.RunId, value => value.Value);
        _matrix = Matrix.Build(View.Experiment.Axes, View.Runs, newest, QueryOf(probe) with { Metric = probe.Series, Value = new() });
        _sliceModel = SliceOf.Matrix(_matrix);
        _figures = TheoryFigures.Of(Question.Topic, view.Sides);
        _view = view;
    }

    /// <summary>The factors that the page shows; but for a question about one factor, that one, where the experiment varies it and nobody holds it.</summary>
    private MatrixQuery QueryOf(TheoryProbe probe) =>
        probe.Over is { } field && View.Experiment.Axes.Any(axis => axis.Field == field) && field != View.Query.Rows && !View.Query.Fixed.ContainsKey(field)
            ? View.Query with { Columns = field }
            : View.Query;

    private string QuestionUrl(TheoryQuestion question) => Navigation.GetUriWithQueryParameters(
        new Dictionary<string, object?> { ["question"] = question.Topic == default ? null : question.Word, ["probe"] = null, ["image"] = null, ["patch"] = null });

    /// <summary>Another tab, looking at this probe.</summary>
    private string TabUrl(ExperimentTab tab, params IEnumerable<(string Name, string Value)> parameters) => Navigation.GetUriWithQueryParameters(
        parameters.ToDictionary(part => part.Name, part => (object?)part.Value).Append(new("tab", tab == default ? null : EnumWord.Of(tab))).ToDictionary());

    private void ShowLeft(MatrixCell cell)
    {
        if (cell.Members.Count > 0)
        {
            Navigation.Show(("left", Words(cell.Members[0].CellIndex)));
        }
    }

    /// <summary>The newest step is not in the address, so that it stays the newest.</summary>
    private void ShowStep(ChangeEventArgs change)
    {
        if (Number(change.Value as string) is { } index and >= 0 && index < _view!.Steps.Count)
        {
            Navigation.Show(("at", index == _view.Steps.Count - 1 ? null : _view.Steps[(int)index]));
        }
    }

    private static long? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Words(long number) => number.ToString(CultureInfo.InvariantCulture);
}
