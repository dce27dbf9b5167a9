using MaeLab.Domain.Recipes;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.RunDiff;

/// <summary>A field of the recipe in every run.</summary>
/// <param name="Levels">JSON literals, a run after the other.</param>
public sealed record DiffField(RecipeField Field, IReadOnlyList<string> Levels)
{
    public bool Differs => Levels.Distinct().Count() > 1;

    /// <summary>Most runs have one level, and this one has another.</summary>
    public bool IsOdd(int run) => Levels.CountBy(level => level).FirstOrDefault(level => level.Value * 2 > Levels.Count) is { Key: { } usual } && usual != Levels[run];
}

/// <summary>The newest value of a metric in every run.</summary>
/// <param name="Values">Null where the run has none.</param>
public sealed record DiffMetric(MetricInfo Metric, IReadOnlyList<double?> Values)
{
    /// <summary>No other run has a better one, and not all have the same.</summary>
    public bool IsBest(int run) =>
        Values[run] is { } own && Metric.Better != BetterWhen.Neither
        && Values.OfType<double>().Distinct().Count() > 1 && Values.OfType<double>().All(other => !Metric.IsBetter(other, own));
}

/// <summary>Some runs side by side.</summary>
public sealed record RunDiff(IReadOnlyList<RunSummary> Runs, IReadOnlyList<DiffField> Fields, IReadOnlyList<DiffMetric> Metrics)
{
    private readonly IReadOnlyList<string> _differing = [.. Fields.Where(field => field.Differs).Select(field => field.Field.Path)];

    /// <summary>The run has the best value, of a metric that measures the same in all of them.</summary>
    public bool IsBest(DiffMetric metric, int run) => Comparability.IsRanked(_differing, metric.Metric.Name) && metric.IsBest(run);
}
