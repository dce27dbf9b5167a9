namespace MaeLab.Engine.Probes;

/// <summary>Least squares of y = a + b x with weights.</summary>
internal static class LineFit
{
    /// <returns>b; null where the points do not lie at two places or more.</returns>
    public static double? Slope(IReadOnlyCollection<(double X, double Y, double Weight)> points)
    {
        var weight = points.Sum(point => point.Weight);
        if (points.Select(point => point.X).Distinct().Count() < 2 || weight <= 0)
        {
            return null;
        }

        double meanX = points.Sum(point => point.Weight * point.X) / weight, meanY = points.Sum(point => point.Weight * point.Y) / weight;
        return points.Sum(point => point.Weight * (point.X - meanX) * (point.Y - meanY)) / points.Sum(point => point.Weight * (point.X - meanX) * (point.X - meanX));
    }
}
