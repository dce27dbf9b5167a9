namespace MaeLab.Engine.Evaluation;

/// <summary>What one evaluation found, at a step of the run.</summary>
public sealed record EvaluationResult(long Step, IReadOnlyList<GalleryImage> Images, IReadOnlyList<ProbeResult> Probes);

/// <param name="GalleryIndex">Number of the fixed gallery image, the same in every run of a data set.</param>
/// <param name="Kind">One of <see cref="Domain.Metrics.ImageKinds"/>.</param>
public sealed record GalleryImage(int GalleryIndex, string Kind, int Width, int Height, byte[] Png);

/// <param name="Probe">Series name of the headline value.</param>
/// <param name="Details">JSON.</param>
public sealed record ProbeResult(string Probe, double Value, string Details);
