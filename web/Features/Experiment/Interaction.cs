using MaeLab.Domain.Statistics;

namespace MaeLab.Web.Features.Experiment;

/// <summary>The cell of a matrix that departs most from what its row and its column by themselves would make of it.</summary>
/// <param name="Departure">Over the seeds; zero where the lines of the slice are parallel.</param>
public sealed record Interaction(MatrixCell Cell, MeanInterval Departure)
{
    /// <returns>Null unless all cells are final and share at least two seeds.</returns>
    public static Interaction? Largest(Matrix matrix)
    {
        var seeds = matrix.Cells.Select(cell => cell.Seeds.Keys).Aggregate((IEnumerable<long> common, IEnumerable<long> own) => common.Intersect(own)).ToList();
        if (matrix.Rows.Levels.Count < 2 || matrix.Columns.Levels.Count < 2 || seeds.Count < 2 || matrix.Cells.Any(cell => cell.Provisional || cell.Value is null))
        {
            return null;
        }

        return matrix.Cells
            .Select(cell => new Interaction(cell, MeanInterval.Of([.. seeds.Select(seed => Departs(matrix, cell, seed))])))
            .MaxBy(interaction => Math.Abs(interaction.Departure.Mean));
    }

    private static double Departs(Matrix matrix, MatrixCell cell, long seed)
    {
        double Mean(Func<MatrixCell, bool> which) => matrix.Cells.Where(which).Average(one => one.Seeds[seed]);
        return cell.Seeds[seed] - Mean(one => one.Row == cell.Row) - Mean(one => one.Column == cell.Column) + Mean(_ => true);
    }
}
