using MaeLab.Domain.Metrics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Says when numbers that stand beside each other must not be compared.</summary>
public static class Comparability
{
    // Each of them changes what the loss is the mean of: which patches, how many pixels each, in which units.
    private static readonly string[] s_lossChangers = ["maskRatio", "patchSize", "target", "pcaComponents", "maskSampler", "dataset.name", "imageSize"];

    // Pixels in [0, 1] whatever the patch size; but which of them are guessed, and what is known of them, differs.
    private static readonly string[] s_errorChangers = ["maskRatio", "target", "pcaComponents", "maskSampler", "dataset.name", "imageSize"];

    // One task of guessing pixels whatever a run was trained to do, but of other images there.
    private static readonly string[] s_sharedChangers = ["dataset.name", "imageSize"];

    // Another data set is another task.
    private static readonly string[] s_accuracyChangers = ["dataset.name"];

    /// <returns>The factors among these whose levels change what the metric measures.</returns>
    public static IReadOnlyList<string> Guilty(IEnumerable<string> fields, string metric) => [.. fields.Intersect(ChangersOf(metric))];

    /// <summary>One value is better than another: the metric has a direction, and these factors do not change what it measures.</summary>
    public static bool IsRanked(IEnumerable<string> fields, string metric) =>
        MetricInfo.Of(metric).Better != BetterWhen.Neither && Guilty(fields, metric).Count == 0;

    /// <returns>Null where the metric may be compared across all these factors.</returns>
    public static string? Warning(IEnumerable<string> fields, string metric)
    {
        var guilty = Guilty(fields, metric).Select(path => FieldText.Label(path).ToLowerInvariant()).ToList();
        return guilty.Count > 0
            ? $"{MetricInfo.Of(metric).Label} is not comparable across {string.Join(" and ", guilty)}: what it measures changes with it. Compare along the other factors only{(ChangersOf(metric) == s_accuracyChangers ? "" : ", or by the linear probe")}."
            : null;
    }

    /// <summary>What reconstructions can be compared by across these factors where they cannot by the metric itself.</summary>
    /// <param name="names">Of all series that any of the runs has.</param>
    /// <returns>Null where none of them will do.</returns>
    public static string? Instead(IEnumerable<string> fields, string metric, IEnumerable<string> names)
    {
        List<string> compared = [.. fields];
        return metric is SeriesNames.TrainLoss or SeriesNames.ReconstructionError && Guilty(compared, metric).Count > 0
            && Guilty(compared, SeriesNames.SharedPixelError).Count == 0 && names.Contains(SeriesNames.SharedPixelError)
            ? SeriesNames.SharedPixelError
            : null;
    }

    private static string[] ChangersOf(string metric) => metric switch
    {
        SeriesNames.TrainLoss => s_lossChangers,
        SeriesNames.ReconstructionError => s_errorChangers,
        SeriesNames.SharedPixelError or SeriesNames.SharedSkill => s_sharedChangers,
        _ when metric.Contains("accuracy", StringComparison.Ordinal) => s_accuracyChangers,
        _ => [],
    };
}
