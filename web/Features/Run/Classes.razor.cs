using System.Globalization;
using MaeLab.Web.Charts;
using MaeLab.Web.Presentation;
using Microsoft.AspNetCore.Components;

namespace MaeLab.Web.Features.Run;

public sealed partial class Classes
{
    /// <summary>A larger matrix does not fit beside the bars; its most frequent confusions are listed instead.</summary>
    private const int MaxMatrix = 30;

    private const int ListedConfusions = 15;

    private ClassificationSummary? _shown;
    private string? _chosen;
    private IReadOnlyList<KeyValuePair<string, string>> _options = [];

    [Parameter, EditorRequired]
    public required IReadOnlyList<ClassificationSummary> Classifications { get; set; }

    protected override void OnParametersSet()
    {
        _options = [.. Classifications.Select(result => KeyValuePair.Create(result.Probe, MetricInfo.Of(result.Probe).Label))];
        _shown = Classifications.FirstOrDefault(result => result.Probe == _chosen) ?? (Classifications is [var first, ..] ? first : null);
    }

    private void Choose(string probe)
    {
        _chosen = probe;
        OnParametersSet();
    }

    private string Name(int label) => _shown!.Details.ClassNames?[label] ?? $"Class {label}";

    private static string Words(ClassificationSummary result)
    {
        var details = result.Details;
        var words = string.Create(CultureInfo.InvariantCulture,
            $"{Format.Percent(result.Accuracy)} of {details.ProbeImages:#,0} held-out images recognised after learning from {details.TrainImages:#,0}, at step {result.Step:#,0}.");
        if (details.Training is { } training)
        {
            words += string.Create(CultureInfo.InvariantCulture,
                $" Trained for {training.Epochs:#,0} epochs ({training.Steps:#,0} steps of {training.BatchSize:#,0} images, learning rate up to {training.PeakLearningRate:G3}).");
        }

        return details.PretrainingGain is { } gain
            ? $"{words} Fine-tuning the pre-trained encoder is {Format.Number(Math.Abs(gain) * 100)} points {(gain < 0 ? "worse" : "better")}."
            : words;
    }

    /// <summary>Coloured by the share of its true class, so that classes of different size compare; empty cells stay quiet.</summary>
    private static string? Style(IReadOnlyList<int> row, int guess)
    {
        if (row[guess] == 0)
        {
            return null;
        }

        var (fill, text) = ChartColors.Heat((double)row[guess] / row.Sum());
        return $"background:{fill};color:{text}";
    }

    private string Tip(IReadOnlyList<int> row, int label, int guess) =>
        $"{row[guess]} of {row.Sum()} images of {Name(label)} taken for {Name(guess)}";

    private static IEnumerable<(int Count, int Label, int Guess)> Frequent(IReadOnlyList<IReadOnlyList<int>> confusion) =>
        confusion.SelectMany((row, label) => row.Select((count, guess) => (Count: count, Label: label, Guess: guess)))
            .Where(cell => cell.Label != cell.Guess && cell.Count > 0)
            .OrderByDescending(cell => cell.Count).Take(ListedConfusions);
}
