namespace MaeLab.Domain.Metrics;

/// <summary>Names of the series that the engine writes, <c>group/name</c>. Any of them can serve as an x-axis.</summary>
public static class SeriesNames
{
    public const string TrainLoss = "train/loss";
    public const string LearningRate = "train/learning_rate";
    public const string GradientNorm = "train/gradient_norm";
    public const string Uniformity = "train/uniformity";

    public const string LinearAccuracy = "probe/linear_accuracy";
    public const string KnnAccuracy = "probe/knn_accuracy";
    public const string LarsAccuracy = "probe/lars_accuracy";
    public const string ReconstructionError = "probe/reconstruction_mse";

    // Steps of a training that follows the run's own count on from its last one.
    public const string FineTuneLoss = "finetune/train_loss";
    public const string FineTuneAccuracy = "finetune/accuracy";
    public const string ScratchLoss = "scratch/train_loss";
    public const string ScratchAccuracy = "scratch/accuracy";

    // The theory probes, by the question they belong to. The first eleven are written at every evaluation.
    public const string KernelRank = "theory/q1_kernel_rank";
    public const string KernelAsymmetry = "theory/q1_kernel_asymmetry";
    public const string KernelDivergence = "theory/q1_kernel_divergence";
    public const string EncoderBarron = "theory/q1_encoder_barron";
    public const string DecoderBarron = "theory/q1_decoder_barron";
    public const string AdjacentCka = "theory/q3_adjacent_cka";
    public const string EndsCka = "theory/q3_first_last_cka";
    public const string PropagationGain = "theory/q3_propagation_gain";
    public const string AttentionReach = "theory/q5_attention_reach";
    public const string NonlocalMass = "theory/q5_nonlocal_mass";
    public const string EffectiveDimension = "theory/effective_dimension";
    public const string QuadratureSlope = "theory/q1_quadrature_slope";
    public const string PatchLeakage = "theory/q2_patch_leakage";
    public const string PatchRank = "theory/q2_patch_rank";
    public const string FeatureLeakage = "theory/q2_feature_leakage";
    public const string InformationRetention = "theory/q2_information_retention";
    public const string SkipConditioning = "theory/q3_skip_conditioning";
    public const string DecoderLift = "theory/q4_decoder_lift";
    public const string DecoderLossRatio = "theory/q4_decoder_loss_ratio";
    public const string NeighbourLossRatio = "theory/q5_neighbour_loss_ratio";
    public const string GlobalGain = "theory/q5_global_gain";
    public const string InfluenceLength = "theory/q5_influence_length";
    public const string AlignmentGap = "theory/alignment_gap";
    public const string LinearInfluenceLength = "theory/linear_influence_length";

    public const string Epoch = "progress/epoch";
    public const string ElapsedSeconds = "progress/elapsed_s";
    public const string VisibleTokens = "progress/visible_tokens";
    public const string Images = "progress/images";

    public const string ImagesPerSecond = "system/images_per_second";
    public const string DataWait = "system/data_wait";
}
