using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Statistics;
using MaeLab.Web.Charts;

namespace MaeLab.Web.Features.Gallery;

/// <summary>The removed patches of one run's images, as a line.</summary>
/// <param name="Dash">See <see cref="ChartDashes"/>.</param>
public sealed record ErrorLine(string Label, string Color, int Dash, PatchErrors Errors);

/// <summary>How errors of removed patches are spread, and how they grow with the distance to what the model saw.</summary>
public static class ErrorCharts
{
    // Errors span decades: 1, 2, 5 and so on.
    private static readonly double[] s_bounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];

    private const int MaxTicks = 8;

    /// <summary>Share of the patches by error.</summary>
    /// <param name="images">So many of each are counted.</param>
    public static SliceModel Spread(IReadOnlyList<ErrorLine> lines, int images) => new(
        new("Mean squared error of a patch", [.. Enumerable.Range(0, s_bounds.Length + 1).Select(BinLabel)]),
        new("Share of removed patches", Percent: true),
        [.. lines.Select(line =>
        {
            var counts = new int[s_bounds.Length + 1];
            foreach (var (_, patch) in Patches(line.Errors, images))
            {
                // What is not a number is as far off as can be.
                counts[s_bounds.Count(bound => !(patch.Error < bound))]++;
            }

            var total = Math.Max(1, counts.Sum());
            return new SliceLine(line.Label, line.Color, [.. counts.Select((count, bin) => new SlicePoint(bin, (double)count / total, null, null, count, []))], line.Dash);
        })]);

    /// <summary>
    /// Mean error by the distance from a patch's centre to that of the nearest visible one, to the whole patch. Patches of one image are no
    /// independent measurements, so the interval is over the images' means; cut off at 0, below which no error lies.
    /// </summary>
    /// <param name="inPixels">Distances in pixels, else in patches.</param>
    public static SliceModel ByDistance(IReadOnlyList<ErrorLine> lines, int images, bool inPixels)
    {
        List<SliceLine> series = [.. lines.Select(line => new SliceLine(line.Label, line.Color, [.. PointsOf(line.Errors, images, inPixels)], line.Dash))];
        return new(
            new($"Distance to the nearest visible patch ({(inPixels ? "pixels" : "patches")})", Levels: Ticks(series.SelectMany(line => line.Points).Select(point => point.X).DefaultIfEmpty(1).Max())),
            new("Mean squared error"),
            series);
    }

    private static IEnumerable<SlicePoint> PointsOf(PatchErrors errors, int images, bool inPixels) =>
        from means in
            from entry in Patches(errors, images)
            where entry.Patch.Error is not null
            group entry.Patch.Error!.Value by (entry.Image, Distance: (int)Math.Round(entry.Patch.Distance)) into ofImage
            group ofImage.Average() by ofImage.Key.Distance
        let interval = MeanInterval.Of([.. means])
        orderby means.Key
        select new SlicePoint(means.Key * (inPixels ? errors.PatchSize : 1), interval.Mean, interval.Low is { } low ? Math.Max(0, low) : null, interval.High, interval.Count, []);

    private static IEnumerable<(int Image, RemovedPatch Patch)> Patches(PatchErrors errors, int images) =>
        from image in Enumerable.Range(0, Math.Min(images, errors.Images.Count)) from patch in errors.Removed(image) select (image, patch);

    private static string BinLabel(int bin) =>
        bin == 0 ? $"< {Text(s_bounds[0])}" : bin == s_bounds.Length ? $"≥ {Text(s_bounds[^1])}" : $"{Text(s_bounds[bin - 1])} – {Text(s_bounds[bin])}";

    private static string Text(double bound) => bound.ToString(CultureInfo.InvariantCulture);

    /// <summary>Round numbers from 0 up to what is drawn.</summary>
    private static List<double> Ticks(double last)
    {
        double[] widths = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
        var width = widths.First(width => last / width <= MaxTicks || width == widths[^1]);
        return [.. Enumerable.Range(0, (int)Math.Ceiling(last / width) + 1).Select(n => n * width)];
    }
}
