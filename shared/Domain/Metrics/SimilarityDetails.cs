namespace MaeLab.Domain.Metrics;

/// <summary>Details of <see cref="SeriesNames.EndsCka"/>.</summary>
/// <param name="Matrix">[layers][layers] linear CKA; the first is the embedding.</param>
public sealed record SimilarityDetails(IReadOnlyList<IReadOnlyList<double>> Matrix, int Images);

/// <summary>Details of <see cref="SeriesNames.PropagationGain"/>.</summary>
/// <param name="PerLayer">[depth + 1], the first is the embedding's.</param>
/// <param name="AttentionSteps">[depth] what attention adds to the stream, over the stream.</param>
/// <param name="MlpSteps">[depth] what the MLP adds, likewise.</param>
public sealed record PropagationDetails(IReadOnlyList<double> PerLayer, IReadOnlyList<double> AttentionSteps, IReadOnlyList<double> MlpSteps, int Images);

/// <summary>Details of <see cref="SeriesNames.SkipConditioning"/>.</summary>
/// <param name="SkipWeights">0 is attention alone, 1 the block as it is.</param>
/// <param name="PerLayer">[depth][weights] mean decimal logarithm of the condition number.</param>
public sealed record ConditioningDetails(IReadOnlyList<double> SkipWeights, IReadOnlyList<IReadOnlyList<double>> PerLayer, int Images);

/// <summary>Details of <see cref="SeriesNames.DecoderLossRatio"/>.</summary>
/// <param name="Decoder">Loss of the decoder.</param>
/// <param name="Head">Loss of a linear head in its place.</param>
/// <param name="FittedOn">Images that the head was fitted on.</param>
public sealed record DecoderLossDetails(double Decoder, double Head, int FittedOn, int Images);
