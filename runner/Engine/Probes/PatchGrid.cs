namespace MaeLab.Engine.Probes;

/// <summary>Where patches lie: patch l = i g + j at row i, column j; distances in patches, between centres.</summary>
internal static class PatchGrid
{
    /// <returns>[L, L] Euclidean distances.</returns>
    public static double[] Distances(int grid) => Pairs(grid, (rows, columns) => Math.Sqrt((rows * rows) + (columns * columns)));

    /// <returns>[L, L] Chebyshev distances: 1 for the eight neighbours.</returns>
    public static double[] Rings(int grid) => Pairs(grid, (rows, columns) => Math.Max(Math.Abs(rows), Math.Abs(columns)));

    private static double[] Pairs(int grid, Func<int, int, double> distance)
    {
        var patches = grid * grid;
        var all = new double[patches * patches];
        for (var n = 0; n < all.Length; n++)
        {
            int from = n / patches, to = n % patches;
            all[n] = distance((from / grid) - (to / grid), (from % grid) - (to % grid));
        }

        return all;
    }
}
