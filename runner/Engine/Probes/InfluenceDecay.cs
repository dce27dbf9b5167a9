using MaeLab.Domain.Metrics;

namespace MaeLab.Engine.Probes;

/// <summary>
/// The length xi by which an influence I between patches falls with their distance d: a line through ln I(d) = a - d / xi, I(d) being the
/// mean over pairs of patches d apart, rounded to half patches, weighted by their number.
/// </summary>
internal static class InfluenceDecay
{
    /// <param name="pairs">Distance in patches and influence of pairs of different patches.</param>
    /// <param name="pixels">Pixels a patch.</param>
    public static InfluenceCurve Of(IEnumerable<(double Distance, double Influence)> pairs, double pixels)
    {
        var bins = pairs.GroupBy(pair => Math.Round(2 * pair.Distance)).OrderBy(bin => bin.Key)
            .Select(bin => (Distance: bin.Average(pair => pair.Distance) * pixels, Influence: bin.Average(pair => pair.Influence), Count: bin.Count())).ToList();
        var slope = LineFit.Slope([.. bins.Where(bin => bin.Influence > 0).Select(bin => (bin.Distance, Math.Log(bin.Influence), (double)bin.Count))]);
        return new(
            bins.Select(bin => bin.Distance).Short(),
            bins.Select(bin => bin.Influence).Short(),
            [.. bins.Select(bin => bin.Count)],
            slope < 0 ? (-1 / slope.Value).Short() : null);
    }
}
