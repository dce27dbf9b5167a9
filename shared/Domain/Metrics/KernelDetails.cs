namespace MaeLab.Domain.Metrics;

/// <summary>A theory probe layer by layer, from the input on: of a probe that has nothing else to tell.</summary>
public sealed record LayerDetails(IReadOnlyList<double> PerLayer)
{
    /// <summary>How many it is the mean over; null where it is of the weights alone.</summary>
    public int? Images { get; init; }
}

/// <summary>Details of <see cref="SeriesNames.KernelRank"/>.</summary>
/// <param name="PerLayer">Effective rank over the number of patches.</param>
/// <param name="Spectra">[layers][L] mean singular values of the patch x patch attention, largest first.</param>
public sealed record KernelDetails(IReadOnlyList<double> PerLayer, IReadOnlyList<IReadOnlyList<double>> Spectra, int Images, int Patches);

/// <param name="Visible">n.</param>
/// <param name="FirstLayer">err(n) of what the first attention layer adds to the stream.</param>
/// <param name="Encoder">err(n) of the encoder's output.</param>
public sealed record QuadraturePoint(int Visible, double FirstLayer, double Encoder);

/// <summary>Details of <see cref="SeriesNames.QuadratureSlope"/>.</summary>
/// <param name="EncoderSlope">Null where fewer than two errors differ from 0.</param>
/// <param name="Patches">L.</param>
public sealed record QuadratureDetails(IReadOnlyList<QuadraturePoint> Points, double? EncoderSlope, int Patches, int Draws);
