namespace MaeLab.Domain.Metrics;

/// <summary>How influence falls with distance.</summary>
/// <param name="Distances">In pixels, rising: means of their bins.</param>
/// <param name="Influence">Mean over the pairs of patches of a bin.</param>
/// <param name="Length">xi of exp(-d / xi) in pixels; null where influence does not fall with distance.</param>
public sealed record InfluenceCurve(IReadOnlyList<double> Distances, IReadOnlyList<double> Influence, IReadOnlyList<int> Pairs, double? Length)
{
    /// <summary>A length beyond the image cannot be told from no decay at all: either counts as the image's side.</summary>
    public double LengthWithin(int imageSize) => Math.Min(Length ?? imageSize, imageSize);
}

/// <summary>What painting visible patches over does to the prediction of a removed one.</summary>
/// <param name="Image">Number in the gallery.</param>
/// <param name="Patch">The removed one, by rows.</param>
/// <param name="Patches">L, how many the image has.</param>
/// <param name="Visible">The patches painted over, one at a time.</param>
/// <param name="Influence">Of each of these: mean squared change of the prediction.</param>
public sealed record InfluenceMap(int Image, int Patch, int Patches, IReadOnlyList<int> Visible, IReadOnlyList<double> Influence);

/// <summary>Details of <see cref="SeriesNames.InfluenceLength"/>.</summary>
public sealed record InfluenceDetails(InfluenceCurve Curve, IReadOnlyList<InfluenceMap> Maps);

/// <summary>The influence in the best linear masked autoencoder of the data.</summary>
public sealed record LinearCurve(int PatchSize, double Ratio, InfluenceCurve Curve);

/// <summary>Details of <see cref="SeriesNames.LinearInfluenceLength"/>.</summary>
public sealed record LinearTheoryDetails(IReadOnlyList<LinearCurve> Sweep);
