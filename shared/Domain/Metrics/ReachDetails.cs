namespace MaeLab.Domain.Metrics;

/// <summary>To which patches of an image a removed one attends.</summary>
/// <param name="Image">Number in the gallery.</param>
/// <param name="Patch">The removed one, by rows.</param>
/// <param name="Visible">Patches that the model saw.</param>
/// <param name="Weights">[L] mean over the heads; cls is left out.</param>
public sealed record AttentionMap(int Image, int Patch, IReadOnlyList<int> Visible, IReadOnlyList<double> Weights);

/// <summary>Details of <see cref="SeriesNames.AttentionReach"/>.</summary>
/// <param name="Maps">Of the last decoder layer.</param>
public sealed record ReachDetails(IReadOnlyList<double> PerLayer, IReadOnlyList<AttentionMap> Maps, int Images);

/// <summary>Details of <see cref="SeriesNames.NonlocalMass"/>.</summary>
/// <param name="Uniform">What uniform attention has under the same masks.</param>
public sealed record NonlocalDetails(IReadOnlyList<double> PerLayer, double Uniform, int Images);

/// <param name="Radius">Chebyshev distance in patches within which visible patches are given.</param>
public sealed record RadiusPoint(int Radius, double Loss);

/// <summary>Details of <see cref="SeriesNames.NeighbourLossRatio"/>.</summary>
/// <param name="Curve">The last radius takes in the whole image.</param>
/// <param name="Targets">Removed patches that the loss is the mean over.</param>
public sealed record RadiusDetails(IReadOnlyList<RadiusPoint> Curve, int Targets);

/// <summary>Losses of the same removed patches.</summary>
public sealed record ReconstructionLosses(double Model, double InverseDistance, double Nearest, double MeanColor);

/// <summary>Details of <see cref="SeriesNames.GlobalGain"/>.</summary>
public sealed record BaselineDetails(ReconstructionLosses Losses, int Images);
