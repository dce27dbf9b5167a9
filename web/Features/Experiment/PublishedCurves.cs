using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Web.Charts;

namespace MaeLab.Web.Features.Experiment;

/// <param name="Level">JSON literal.</param>
public sealed record PublishedPoint(string Level, double Value);

/// <summary>How a metric went with one factor in a paper.</summary>
/// <param name="Source">Paper and place in it.</param>
/// <param name="Field">Recipe field of the factor.</param>
/// <param name="Metrics">The series here that measure the same.</param>
public sealed record PublishedCurve(
    string Source, string Model, string Data, string Field, IReadOnlyList<string> Metrics, IReadOnlyList<PublishedPoint> Points);

/// <summary>Curves of papers, to set beside one's own; in <c>published.json</c>, all of 800 epochs unless they are over epochs.</summary>
public static class PublishedCurves
{
    /// <summary>One point is no curve.</summary>
    private const int FewestPoints = 2;

    public static IReadOnlyList<PublishedCurve> All { get; } = Read();

    /// <returns>The curve over the columns of a matrix of its metric; null where none has two points within its levels.</returns>
    public static PublishedLine? For(Matrix matrix) => All
        .Where(curve => curve.Field == matrix.Columns.Field && curve.Metrics.Contains(matrix.Metric))
        .Select(curve => new PublishedLine(
            $"Published: {curve.Model}, {curve.Data} ({curve.Source}), not your data",
            [.. curve.Points.Select(point => (X: PlaceOf(point.Level, matrix.Columns.Levels), point.Value)).Where(point => point.X is not null)
                .Select(point => new PublishedLinePoint(point.X!.Value, point.Value))]))
        .FirstOrDefault(line => line.Points.Count >= FewestPoints);

    /// <summary>On the axis of the slice: a number itself, a word by its place; null beyond what the experiment covers.</summary>
    private static double? PlaceOf(string level, IReadOnlyList<string?> levels)
    {
        var numbers = levels.Select(SliceOf.Number).ToList();
        return numbers.TrueForAll(number => number is not null)
            ? SliceOf.Number(level) is { } number && number >= numbers.Min() && number <= numbers.Max() ? number : null
            : levels.ToList().IndexOf(level) is >= 0 and var place ? place : null;
    }

    private static List<PublishedCurve> Read()
    {
        const string name = "MaeLab.Web.Features.Experiment.published.json";
        using var file = typeof(PublishedCurves).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build; see EmbeddedResource in the project file of web.");
        return JsonSerializer.Deserialize<List<PublishedCurve>>(file, JsonDefaults.Options)!;
    }
}
