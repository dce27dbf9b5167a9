using System.Globalization;
using MaeLab.Web.Browser;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Gallery;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Live;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The gallery's images as the cells reconstruct them, one run a cell, at one step.</summary>
public sealed partial class GalleryTab : IDisposable
{
    private const int MaxColumns = 40;
    private const int FewImages = 4;
    private const int SomeImages = 8;

    private static readonly KeyValuePair<string, string>[] s_pictures =
        [.. Enum.GetValues<Picture>().Select(picture => KeyValuePair.Create(EnumWord.Of(picture), Pictures.Label(picture)))];

    private static readonly KeyValuePair<string, string>[] s_units = [new("patches", "patches"), new("pixels", "pixels")];

    private GalleryView? _gallery;
    private IReadOnlyList<RunSummary> _columns = [];
    private IReadOnlyList<ErrorLine> _lines = [];
    private ErrorScale _scale;
    private RunLook _look = null!;
    private SliceChart? _spread;
    private SliceChart? _distance;
    private LiveReading _reading = null!;
    private (IReadOnlyList<RunSummary> Runs, string? Step, string? Seed, string? Picture, string? Images)? _seen;

    [Inject]
    public required GalleryReader Galleries { get; init; }

    [Inject]
    public required PrerenderHandover Handover { get; init; }

    [Inject]
    public required ILogger<GalleryTab> Logger { get; init; }

    /// <summary>A new list after every refresh; that is what brings new evaluations.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RunSummary> Runs { get; set; }

    // All as text: an address may say anything, and what is no such number counts as left out.
    /// <summary>The step; not that of the matrix's values, which the page reads anew when it changes.</summary>
    [SupplyParameterFromQuery(Name = "at")]
    public string? Step { get; set; }

    [SupplyParameterFromQuery(Name = "picture")]
    public string? PictureWord { get; set; }

    [SupplyParameterFromQuery(Name = "seed")]
    public string? Seed { get; set; }

    [SupplyParameterFromQuery(Name = "images")]
    public string? Images { get; set; }

    /// <inheritdoc cref="Lens.ToString"/>
    [SupplyParameterFromQuery(Name = "magnify")]
    public string? Magnify { get; set; }

    [SupplyParameterFromQuery(Name = "distance")]
    public string? Distance { get; set; }

    private Picture Shown => EnumWord.Find<Picture>(PictureWord ?? "") ?? default;

    private bool InPixels => Distance == "pixels";

    private List<long> Seeds => [.. Runs.Select(run => run.Seed).Distinct().Order()];

    private long ChosenSeed => Number(Seed) is { } seed && Seeds.Contains(seed) ? seed : Seeds.FirstOrDefault();

    private int ShownImages => (int)Math.Clamp(Number(Images) ?? SomeImages, 1, Math.Max(1, _gallery?.Originals.Count ?? SomeImages));

    private IEnumerable<KeyValuePair<string, string>> ImageOptions =>
        new[] { FewImages, SomeImages, _gallery!.Originals.Count, ShownImages }.Where(count => count <= _gallery.Originals.Count).Distinct().Order()
            .Select(count => KeyValuePair.Create(Words(count), count == _gallery.Originals.Count ? $"all {count}" : Words(count)));

    private int StepIndex => _gallery!.Steps.ToList().IndexOf(_gallery.Step!.Value);

    /// <summary>Factors in whose levels the columns differ.</summary>
    private IEnumerable<string> Varied =>
        View.Experiment.Axes.Select(axis => axis.Field).Where(factor => _columns.Select(run => run.LevelOf(factor)).Distinct().Count() > 1);

    /// <summary>Of the levels that are drawn: the look knows those of all cells.</summary>
    private IReadOnlyList<LegendEntry> Legend =>
        [.. _look.Legend.Where(entry => _lines.Any(line => entry.Color == LegendEntry.TextColor ? line.Dash == entry.Dash : line.Color == entry.Color))];

    private string MaskWords => Varied.Intersect(["dataset.name", "imageSize"]).Any()
        ? "The cells differ in their images; the originals are those of the first column."
        : Varied.Intersect(["patchSize", "maskSampler"]).Any()
            ? "The images are the same in all cells. Masks are nested where only the mask ratio differs; other patch sizes and samplers have other masks."
            : "Images and masks are the same in all cells, and what is visible at a high mask ratio is visible at a lower one.";

    public void Dispose() => _reading.Dispose();

    protected override void OnInitialized() => _reading = new(ReadAsync, Logger);

    protected override Task OnParametersSetAsync()
    {
        // A page renders more often than it has something new.
        var seen = (Runs, Step, Seed, PictureWord, Images);
        if (_seen == seen)
        {
            return Task.CompletedTask;
        }

        var awaited = _seen is not { } before || before with { Runs = Runs } != seen;
        _seen = seen;
        return _reading.UpdateAsync(awaited);
    }

    private async Task ReadAsync()
    {
        _columns = [.. Runs.GroupBy(run => run.CellIndex).OrderBy(cell => cell.Key)
            .Select(cell => cell.FirstOrDefault(run => run.Seed == ChosenSeed) ?? cell.MinBy(run => run.Seed)!)];
        _gallery = _gallery is null ? await Handover.ReadOnceAsync(RendererInfo, "gallery", FromDatabaseAsync) : await FromDatabaseAsync();
        _look = Look();
        _lines = [.. _gallery.Columns.Where(column => column.Errors is not null).Select(column => new ErrorLine(column.Run.CellName, ColorOf(column), _look.DashOf(column.Run), column.Errors!))];
        _scale = ErrorScale.Of(_lines.Select(line => line.Errors), ShownImages);
    }

    private Task<GalleryView> FromDatabaseAsync() => Galleries.ReadAsync([.. _columns.Take(MaxColumns)], Number(Step), Shown, _reading.Left);

    private string ColorOf(GalleryColumn column) => _look.ColorOf(column.Run);

    /// <summary>The factor of most levels has the colours: there are more of them than dashes.</summary>
    private RunLook Look()
    {
        List<string> varied = [.. Varied];
        var most = varied.MaxBy(factor => _columns.Select(run => run.LevelOf(factor)).Distinct().Count());
        return new(most ?? "", varied, View.Experiment.Axes, _columns);
    }

    /// <summary>The newest step is not in the address, so that it stays the newest.</summary>
    private void ShowStep(ChangeEventArgs change)
    {
        if (Number(change.Value as string) is { } index and >= 0 && index < _gallery!.Steps.Count)
        {
            Navigation.Show(("at", index == _gallery.Steps.Count - 1 ? null : _gallery.Steps[(int)index]));
        }
    }

    private static long? Number(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Words(long number) => number.ToString(CultureInfo.InvariantCulture);
}
