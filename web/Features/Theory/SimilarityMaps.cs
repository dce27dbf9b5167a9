using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Web.Charts;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Theory;

/// <summary>Layer x layer similarity as heat maps on one scale.</summary>
internal static class SimilarityMaps
{
    public static IReadOnlyList<TheoryPanel> Of(IReadOnlyList<TheorySide> sides)
    {
        var found = sides.Select(side => (side.Name, side.Find<SimilarityDetails>(SeriesNames.EndsCka)?.Matrix)).Where(side => side.Matrix is not null).ToList();

        // The diagonal is 1 in all of them; below, layers that are alike would all have one colour on a scale from 0.
        var least = found.SelectMany(side => side.Matrix!.SelectMany(row => row)).DefaultIfEmpty(0).Min();
        return [.. found.Select(side => new HeatPanel(side.Name, Words(side.Name, side.Matrix!), Model(side.Matrix!, least)))];
    }

    private static HeatModel Model(IReadOnlyList<IReadOnlyList<double>> matrix, double least)
    {
        IReadOnlyList<string> layers = [.. Enumerable.Range(0, matrix.Count).Select(layer => layer.ToString(CultureInfo.InvariantCulture))];
        return new(layers, layers, [.. matrix.SelectMany((row, r) => row.Select((value, c) =>
        {
            var (fill, ink) = ChartColors.Heat(least < 1 ? (value - least) / (1 - least) : 1);
            return new HeatCell(r, c, value, value.ToString("F2", CultureInfo.InvariantCulture), fill, ink);
        }))]);
    }

    private static string Words(string name, IReadOnlyList<IReadOnlyList<double>> matrix) =>
        $"CKA of {matrix.Count} layers, {name}: embedding and last layer {Format.Number(matrix[0][^1])}, least {Format.Number(matrix.SelectMany(row => row).Min())}";
}
