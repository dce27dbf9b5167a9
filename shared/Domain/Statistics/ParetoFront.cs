namespace MaeLab.Domain.Statistics;

/// <summary>The points that no other is better than in both of two quantities.</summary>
public static class ParetoFront
{
    /// <summary>The smaller the better in both; negate what is to be large.</summary>
    /// <returns>Indices in rising order of x. Of equal points the first; points that are not finite are never among them.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<(double X, double Y)> points)
    {
        var front = new List<int>();
        var lowest = double.PositiveInfinity;
        foreach (var index in Enumerable.Range(0, points.Count)
            .Where(i => double.IsFinite(points[i].X) && double.IsFinite(points[i].Y))
            .OrderBy(i => points[i].X).ThenBy(i => points[i].Y))
        {
            if (points[index].Y < lowest)
            {
                front.Add(index);
                lowest = points[index].Y;
            }
        }

        return front;
    }
}
