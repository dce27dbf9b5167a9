using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Data;

namespace MaeLab.Engine.Evaluation;

/// <summary>Scores classifiers on the probe images of a data set.</summary>
internal sealed class Scoring(Dataset dataset)
{
    private readonly int[] _labels = [.. dataset.Probe.Labels.Span];

    /// <param name="guesses">Class of every probe image.</param>
    /// <param name="trainImages">Images from which the classifier learnt.</param>
    public Score Of(IEnumerable<long> guesses, int trainImages)
    {
        var (accuracy, details) = ClassificationDetails.Of(_labels, [.. guesses.Select(guess => (int)guess)], dataset.Classes, trainImages, dataset.ClassNames);
        return new(accuracy, details);
    }
}

internal sealed record Score(double Accuracy, ClassificationDetails Details)
{
    public ProbeResult ToResult(string series) => new(series, Accuracy, JsonSerializer.Serialize(Details, JsonDefaults.Options));
}
