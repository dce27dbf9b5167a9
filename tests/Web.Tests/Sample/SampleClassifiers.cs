using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;

namespace MaeLab.Web.Tests.Sample;

/// <summary>Classifiers that mostly take a class for itself, and otherwise for one near it.</summary>
internal static class SampleClassifiers
{
    private const int Images = 2_000;

    /// <summary>A linear probe, a fine-tuned encoder and its control from scratch.</summary>
    public static IReadOnlyList<ProbeResultRow> Results(Guid runId, Recipe recipe, long step) =>
    [
        Result(runId, step, SeriesNames.LinearAccuracy, SampleCurves.LinearAccuracy(recipe), details => details),
        Result(runId, step, SeriesNames.FineTuneAccuracy, 0.9, details => details with { Training = new(10, 310, 256, 1e-3) }),
        Result(runId, step, SeriesNames.ScratchAccuracy, 0.85, details => details with { Training = new(10, 310, 256, 1e-3), PretrainingGain = 0.05 }),
    ];

    private static ProbeResultRow Result(Guid runId, long step, string series, double accuracy, Func<ClassificationDetails, ClassificationDetails> complete)
    {
        var labels = Enumerable.Range(0, Images).Select(image => image % 10).ToList();
        var guesses = labels.Select((label, image) => image / 10 < accuracy * Images / 10 ? label : (label + 1 + (image % 3)) % 10).ToList();
        var (value, details) = ClassificationDetails.Of(labels, guesses, 10, 8_000, ClassNames.Of(Datasets.FashionMnistSample.Name));
        return SampleResult.Of(runId, step, series, value, complete(details));
    }
}
