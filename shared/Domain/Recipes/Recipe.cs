namespace MaeLab.Domain.Recipes;

/// <summary>
/// All that one training run needs, complete and immutable. The shape is the JSON of the API;
/// <see cref="RecipeFields"/> lists every field with its label and bounds, <see cref="Presets"/> fills what is left out.
/// </summary>
public sealed record Recipe
{
    private const int PaperPcaComponents = 96;

    public required DatasetChoice Dataset { get; init; }

    /// <summary>Side S of the square input image in pixels; images of another size are resized.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side p of a patch in pixels; divides <see cref="ImageSize"/>.</summary>
    public required int PatchSize { get; init; }

    public required TransformerShape Encoder { get; init; }

    public required TransformerShape Decoder { get; init; }

    /// <summary>
    /// True: the encoder processes all L tokens, the removed ones replaced by a learnt mask token (MAE paper, Table 1c); false: the visible ones only.
    /// </summary>
    public bool EncoderMaskTokens { get; init; }

    /// <summary>Share m of patches removed from the encoder's input, 0 &lt; m &lt; 1.</summary>
    public required double MaskRatio { get; init; }

    public required MaskSampler MaskSampler { get; init; }

    public required ReconstructionTarget Target { get; init; }

    /// <summary>Principal components predicted under <see cref="ReconstructionTarget.Pca"/>; null: 96 as in the paper, or all that a smaller patch has.</summary>
    public int? PcaComponents { get; init; }

    public required Augmentation Augmentation { get; init; }

    public required int Epochs { get; init; }

    /// <summary>Images a forward pass; the effective batch is this times <see cref="Accumulation"/>.</summary>
    public required int BatchSize { get; init; }

    public required int Accumulation { get; init; }

    /// <summary>Learning rate at an effective batch of 256; the peak rate is this times effective batch / 256.</summary>
    public required double BaseLearningRate { get; init; }

    public required double WarmupEpochs { get; init; }

    public required double MinLearningRate { get; init; }

    public required double WeightDecay { get; init; }

    /// <summary>Largest global gradient norm; null: no clipping.</summary>
    public double? ClipNorm { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>Weight lambda of the uniformity term of U-MAE (Zhang, Wang, Wang 2022); null: plain MAE.</summary>
    public double? Uniformity { get; init; }

    public required long Seed { get; init; }

    public required EvaluationPlan Evaluation { get; init; }

    public required CheckpointPlan Checkpoints { get; init; }

    public required ComputeDevice Device { get; init; }

    /// <summary>Patches a side, g = S / p.</summary>
    public int Grid() => ImageSize / PatchSize;

    /// <summary>Patches an image, L = g^2.</summary>
    public int Patches() => Grid() * Grid();

    /// <summary>Patches the encoder sees, K = floor(L (1 - m)) without the rounding error of the binary product.</summary>
    public int VisiblePatches() => VisiblePatches(Patches(), MaskRatio);

    /// <inheritdoc cref="VisiblePatches()"/>
    public static int VisiblePatches(int patches, double maskRatio) => (int)Math.Floor((patches * (1 - maskRatio)) + 1e-9);

    /// <summary>Values a patch, P = C p^2.</summary>
    public int PatchValues(int channels) => channels * PatchSize * PatchSize;

    /// <summary>Values that the decoder predicts for a patch.</summary>
    public int TargetValues(int channels) =>
        Target == ReconstructionTarget.Pca ? PcaComponents ?? Math.Min(PaperPcaComponents, PatchValues(channels)) : PatchValues(channels);

    public int EffectiveBatch() => BatchSize * Accumulation;

    /// <summary>Training images used of those the data set has.</summary>
    public int TrainImages(int available) => Math.Min(Dataset.Limit ?? available, available);

    /// <summary>
    /// Optimizer steps an epoch. An incomplete batch at the end of the epoch is dropped, and so are batches left over
    /// that do not fill an accumulation: every step sees exactly <see cref="EffectiveBatch"/> images.
    /// </summary>
    /// <param name="images">Training images used, see <see cref="TrainImages"/>.</param>
    public int StepsPerEpoch(int images) => images / BatchSize / Accumulation;

    /// <summary>Optimizer steps of the whole run.</summary>
    /// <inheritdoc cref="StepsPerEpoch"/>
    public long TotalSteps(int images) => (long)Epochs * StepsPerEpoch(images);

    /// <summary>Peak learning rate after the linear scaling rule.</summary>
    public double PeakLearningRate() => BaseLearningRate * EffectiveBatch() / 256;
}
