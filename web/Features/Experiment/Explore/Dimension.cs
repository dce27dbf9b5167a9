using System.Globalization;
using MaeLab.Domain.Ablations;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment.Explore;

/// <summary>What runs can be placed by: a factor, the seed, or the last value of a series.</summary>
/// <param name="Categories">Words of the levels where they are no numbers; a run's value is then its place among them.</param>
public sealed record Dimension(string Name, string Label, IReadOnlyList<string>? Categories, BetterWhen Better, bool Percent, Func<RunSummary, double?> ValueOf)
{
    public static Dimension OfFactor(string field, IReadOnlyList<Axis> factors)
    {
        var label = FieldText.Label(field);
        if (field == Axis.SeedField)
        {
            return new(field, label, null, BetterWhen.Neither, Percent: false, run => run.Seed);
        }

        var levels = factors.First(axis => axis.Field == field).Levels;
        return levels.All(level => Number(level) is not null)
            ? new(field, label, null, BetterWhen.Neither, Percent: false, run => Number(run.LevelOf(field)))
            : new(field, label, [.. levels.Select(Format.Literal)], BetterWhen.Neither, Percent: false, run => Place(levels, run.LevelOf(field)));
    }

    /// <param name="values">Last value by run.</param>
    public static Dimension OfMetric(string name, IReadOnlyDictionary<Guid, double> values)
    {
        var metric = MetricInfo.Of(name);
        return new(name, metric.Label, null, metric.Better, metric.IsShare, run => values.TryGetValue(run.Id, out var value) ? Format.Finite(value) : null);
    }

    public string Show(double value) => Categories is { } words
        ? words[Math.Clamp((int)Math.Round(value), 0, words.Count - 1)]
        : Percent ? Format.Percent(value) : Format.Number(value);

    private static double? Number(string? literal) =>
        double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static double? Place(IReadOnlyList<string> levels, string? level) =>
        levels.ToList().IndexOf(level ?? "") is >= 0 and var place ? place : null;
}
