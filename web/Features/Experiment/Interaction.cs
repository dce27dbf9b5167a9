using MaeLab.Domain.Statistics;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The cell of a matrix that departs most from what its row and its column by themselves would make of it.</summary>
/// <param name="Departure">
/// Over the seeds; zero where the lines of the slice are parallel. Its interval holds for all cells at once (Bonferroni), since the cell was
/// chosen for being the largest: that of one cell named beforehand would leave zero out by chance far more often than once in twenty.
/// </param>
public sealed record Interaction(MatrixCell Cell, MeanInterval Departure)
{
    /// <returns>Null unless all cells are final and share at least two seeds.</returns>
    public static Interaction? Largest(Matrix matrix)
    {
        if (matrix.Rows.Levels.Count < 2 || matrix.Columns.Levels.Count < 2 || matrix.Cells.Any(cell => cell.Provisional || cell.Value is null))
        {
            return null;
        }

        var seeds = matrix.Cells.Select(cell => cell.Seeds.Keys).Aggregate((IEnumerable<long> common, IEnumerable<long> own) => common.Intersect(own)).ToList();
        if (seeds.Count < 2)
        {
            return null;
        }

        List<double[]> departures = [.. seeds.Select(seed => Departures(matrix, seed))];
        var confidence = 1 - (0.05 / matrix.Cells.Count);
        return matrix.Cells
            .Select((cell, i) => new Interaction(cell, MeanInterval.Of([.. departures.Select(ofSeed => ofSeed[i])], confidence)))
            .MaxBy(interaction => Math.Abs(interaction.Departure.Mean));
    }

    /// <summary>Whether the lines are parallel, in numbers; null where <see cref="Largest"/> cannot tell.</summary>
    public static string? WordsOf(Matrix matrix)
    {
        if (Largest(matrix) is not { Departure: { Low: { } low, High: { } high } departure } largest)
        {
            return null;
        }

        var metric = MetricInfo.Of(matrix.Metric);
        return $"Largest departure from parallel lines: {metric.ShowDifference(departure.Mean, signed: true)} at {matrix.WordsOf(largest.Cell)} (95 % interval over seeds, widened for choosing among {matrix.Cells.Count} cells: {metric.ShowDifference(low)} to {metric.ShowDifference(high)}).";
    }

    /// <summary>Of every cell with one seed: its value less the means of its row and its column, plus the mean of all.</summary>
    private static double[] Departures(Matrix matrix, long seed)
    {
        var byRow = matrix.Cells.GroupBy(cell => cell.Row!).ToDictionary(row => row.Key, row => row.Average(cell => cell.Seeds[seed]));
        var byColumn = matrix.Cells.GroupBy(cell => cell.Column!).ToDictionary(column => column.Key, column => column.Average(cell => cell.Seeds[seed]));
        var all = byRow.Values.Average();
        return [.. matrix.Cells.Select(cell => cell.Seeds[seed] - byRow[cell.Row!] - byColumn[cell.Column!] + all)];
    }
}
