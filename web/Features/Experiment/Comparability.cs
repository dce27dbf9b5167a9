using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Says when numbers that stand beside each other must not be compared.</summary>
public static class Comparability
{
    // Each of them changes what the loss is the mean of: which patches, how many pixels each, in which units.
    private static readonly string[] s_lossChangers = ["patchSize", "target", "pcaComponents", "maskSampler", "dataset.name", "imageSize"];

    /// <returns>Null where the metric may be compared across all the factors.</returns>
    public static string? Warning(IReadOnlyList<Axis> axes, string metric)
    {
        var guilty = axes.Select(axis => axis.Field).Intersect(s_lossChangers).Select(path => FieldText.Label(path).ToLowerInvariant()).ToList();
        return metric == SeriesNames.TrainLoss && guilty.Count > 0
            ? $"Training losses are not comparable across {string.Join(" and ", guilty)}: the target itself changes. Compare along the other factors only, or by the linear probe."
            : null;
    }
}
