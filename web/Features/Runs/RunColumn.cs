using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Runs;

public enum RunColumnKind
{
    /// <summary>What every run has: its state, its age.</summary>
    Own,
    Recipe,

    /// <summary>Newest value of a metric.</summary>
    Last,

    /// <summary>Best value of a metric that has a better and a worse.</summary>
    Best,

    /// <summary>Last value of a metric at or before a step that the run has reached.</summary>
    At,
}

/// <summary>A column of the table of runs: one thing to show of every run, and to sort by.</summary>
/// <param name="Word">As addresses and the API have it: <c>state</c>, <c>encoder.width</c>, <c>last:train/loss</c>, <c>best:train/loss</c>, <c>at:1000:train/loss</c>.</param>
/// <param name="Name">Path of the recipe field, or name of the series.</param>
/// <param name="Step">For <see cref="RunColumnKind.At"/>.</param>
public sealed record RunColumn(string Word, RunColumnKind Kind, string Name, string Label, long Step = 0)
{
    /// <summary>How old API clients call the column that most tables are sorted by.</summary>
    private const string LinearAccuracyWord = "linearAccuracy";

    public static RunColumn Created { get; } = OfRun("created", "Created");

    public static RunColumn Experiment { get; } = OfRun("experiment", "Experiment");

    public static RunColumn State { get; } = OfRun("state", "State");

    public static RunColumn Progress { get; } = OfRun("progress", "Progress");

    public static RunColumn Loss { get; } = OfRun("loss", "Loss");

    public static RunColumn ImagesPerSecond { get; } = OfRun("imagesPerSecond", "Images / s");

    public static RunColumn Priority { get; } = OfRun("priority", "Priority");

    public static RunColumn Attempt { get; } = OfRun("attempt", "Attempt");

    public static RunColumn Tags { get; } = OfRun("tags", "Tags");

    public static RunColumn LinearAccuracy { get; } = OfMetric(RunColumnKind.Last, SeriesNames.LinearAccuracy) with { Label = "Probe" };

    /// <summary>What can be chosen beside the fields of the recipe and the metrics.</summary>
    public static IReadOnlyList<RunColumn> Own { get; } = [Experiment, State, Progress, Loss, ImagesPerSecond, Priority, Attempt, Tags, Created];

    public static IReadOnlyList<RunColumn> Default { get; } = [Experiment, OfField(RecipeFields.Find("seed")!), State, Progress, Loss, LinearAccuracy, Tags, Created];

    /// <summary>Tags have no order, and a value at a step is known only once the points are read.</summary>
    public bool CanSort => this != Tags && Kind != RunColumnKind.At;

    /// <summary>Numbers, which stand at the right of their column.</summary>
    public bool IsNumber => Kind is RunColumnKind.Last or RunColumnKind.Best or RunColumnKind.At
        || this == Loss || this == ImagesPerSecond || this == Priority || this == Attempt
        || (Kind == RunColumnKind.Recipe && RecipeFields.Find(Name)!.Kind is FieldKind.Integer or FieldKind.Number);

    public static RunColumn OfField(RecipeField field) => new(field.Path, RunColumnKind.Recipe, field.Path, field.Label);

    /// <param name="kind">Last or best.</param>
    public static RunColumn OfMetric(RunColumnKind kind, string series)
    {
        var word = kind == RunColumnKind.Last ? "last" : "best";
        return new($"{word}:{series}", kind, series, kind == RunColumnKind.Last ? MetricInfo.Of(series).Label : $"{MetricInfo.Of(series).Label}, best");
    }

    public static RunColumn AtStep(long step, string series) => new(
        string.Create(CultureInfo.InvariantCulture, $"at:{step}:{series}"), RunColumnKind.At, series,
        string.Create(CultureInfo.InvariantCulture, $"{MetricInfo.Of(series).Label}, step {step:#,0}"), step);

    /// <returns>Null where there is no such column.</returns>
    public static RunColumn? Find(string word)
    {
        if (Own.FirstOrDefault(column => column.Word == word) is { } own)
        {
            return own;
        }

        return RecipeFields.Find(word) is { } field ? OfField(field) : word == LinearAccuracyWord ? LinearAccuracy : FindMetric(word.Split(':'));
    }

    private static RunColumn? FindMetric(string[] parts) => parts switch
    {
        ["last", { Length: > 0 } series] => OfMetric(RunColumnKind.Last, series),
        ["best", { Length: > 0 } series] when MetricInfo.Of(series).Better != BetterWhen.Neither => OfMetric(RunColumnKind.Best, series),
        ["at", var step, { Length: > 0 } series] when long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var at) => AtStep(at, series),
        _ => null,
    };

    private static RunColumn OfRun(string word, string label) => new(word, RunColumnKind.Own, word, label);
}
