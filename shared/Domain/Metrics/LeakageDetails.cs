using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Metrics;

/// <param name="Ratio">Share of the patches that is removed.</param>
/// <param name="Leakage">Share of the patch matrix outside the row space of the visible rows.</param>
public sealed record LeakagePoint(int PatchSize, MaskSampler Sampler, double Ratio, double Leakage);

/// <summary>Details of <see cref="SeriesNames.PatchLeakage"/>.</summary>
public sealed record LeakageDetails(IReadOnlyList<LeakagePoint> Sweep, int Images);

/// <param name="Ratio">Share of the patches that is removed.</param>
/// <param name="Cka">Of the features of masked and of whole images.</param>
/// <param name="Cosine">Mean cosine of the two.</param>
public sealed record RetentionPoint(double Ratio, double Cka, double Cosine);

/// <summary>Details of <see cref="SeriesNames.InformationRetention"/>.</summary>
public sealed record RetentionDetails(IReadOnlyList<RetentionPoint> Curve, int Images);

/// <summary>Details of <see cref="SeriesNames.AlignmentGap"/>.</summary>
/// <param name="Same">Mean cosine of two masked views of an image.</param>
/// <param name="Different">Of views of different images.</param>
public sealed record AlignmentDetails(double Same, double Different, int Images);
