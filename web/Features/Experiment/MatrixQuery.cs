using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Features.Experiment;

/// <summary>Which two factors span the matrix and what it shows.</summary>
/// <param name="Rows">Field of an axis; null: one row.</param>
/// <param name="Fixed">Factors held at one level (field to JSON literal); the others beside rows and columns are averaged over.</param>
public sealed record MatrixQuery(
    string? Rows, string? Columns, string Metric, ValueChoice Value, IReadOnlyDictionary<string, string> Fixed)
{
    /// <summary>What may span the matrix: the factors, and the seed.</summary>
    public static IReadOnlyList<string> FieldsOf(IReadOnlyList<Axis> axes) => [.. axes.Select(axis => axis.Field), Axis.SeedField];

    /// <summary>What an experiment is about where nobody says.</summary>
    public static string MetricOf(IReadOnlyList<string> metrics) =>
        metrics.Contains(SeriesNames.LinearAccuracy) || !metrics.Contains(SeriesNames.TrainLoss) ? SeriesNames.LinearAccuracy : SeriesNames.TrainLoss;

    /// <summary>Fills what was not asked for: patch size x mask ratio where there are such axes, else the first two.</summary>
    public static MatrixQuery Create(
        IReadOnlyList<Axis> axes, string? rows, string? columns, string? metric, IReadOnlyList<string> metrics,
        ValueChoice? value = null, IReadOnlyDictionary<string, string>? fixedLevels = null)
    {
        var fields = axes.Select(axis => axis.Field).ToList();
        var known = FieldsOf(axes);
        columns = Known(columns) ?? Preferred("maskRatio", rows) ?? fields.Find(field => field != rows);
        rows = Known(rows) ?? Preferred("patchSize", columns) ?? fields.Find(field => field != columns);
        rows = rows == columns ? null : rows;
        metric ??= MetricOf(metrics);
        return new(
            rows,
            columns,
            metric,
            (value ?? new()).For(metric),
            // A factor that spans the matrix shows all its levels, whatever it was held at before.
            (fixedLevels ?? new Dictionary<string, string>()).Where(level => level.Key != rows && level.Key != columns).ToDictionary());

        string? Known(string? field) => field is not null && known.Contains(field) ? field : null;
        string? Preferred(string field, string? taken) => field != taken && fields.Contains(field) ? field : null;
    }

    /// <summary>
    /// In a star all factors but one are at the baseline. Those beside rows and columns are held there: their other
    /// levels are runs of the baseline's row or column too, but not what that cell means.
    /// </summary>
    public MatrixQuery HoldingBaseline(AblationDesign design, IReadOnlyList<Axis> axes, IReadOnlyList<RunSummary> runs)
    {
        if (design != AblationDesign.Star || runs.FirstOrDefault(run => run.IsBaseline) is not { } baseline)
        {
            return this;
        }

        var held = new Dictionary<string, string>(Fixed);
        foreach (var field in axes.Select(axis => axis.Field).Where(field => field != Rows && field != Columns))
        {
            held.TryAdd(field, baseline.LevelOf(field)!);
        }

        return this with { Fixed = held };
    }
}
