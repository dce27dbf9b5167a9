namespace MaeLab.Engine.Model;

/// <summary>The fixed two-dimensional position table of MAE.</summary>
public static class SinCosPositions
{
    /// <summary>
    /// Row 0 (cls) is zero; row 1 + i g + j is [sin(j w_k) | cos(j w_k) | sin(i w_k) | cos(i w_k)] with w_k = 10000^(-k / q) and
    /// q = width / 4: the column j comes first. Computed in double precision.
    /// </summary>
    /// <returns>(g^2 + 1) x width values, row by row.</returns>
    public static float[] Table(int grid, int width)
    {
        var quarter = width / 4;
        var table = new float[((grid * grid) + 1) * width];
        for (var patch = 0; patch < grid * grid; patch++)
        {
            var row = table.AsSpan((patch + 1) * width, width);
            for (var k = 0; k < quarter; k++)
            {
                var frequency = Math.Pow(10_000, -(double)k / quarter);
                var (sinColumn, cosColumn) = Math.SinCos(patch % grid * frequency);
                var (sinRow, cosRow) = Math.SinCos(patch / grid * frequency);
                row[k] = (float)sinColumn;
                row[quarter + k] = (float)cosColumn;
                row[(2 * quarter) + k] = (float)sinRow;
                row[(3 * quarter) + k] = (float)cosRow;
            }
        }

        return table;
    }
}
