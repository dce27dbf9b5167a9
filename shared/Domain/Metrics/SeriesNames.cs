namespace MaeLab.Domain.Metrics;

/// <summary>Names of the series that engine and runner write, <c>group/name</c>. Any of them can serve as an x-axis.</summary>
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
    public const string SharedPixelError = "probe/shared_pixel_mse";
    public const string SharedSkill = "probe/shared_skill";

    // Steps of a training that follows the run's own count on from its last one.
    public const string FineTuneLoss = "finetune/train_loss";
    public const string FineTuneAccuracy = "finetune/accuracy";
    public const string ScratchLoss = "scratch/train_loss";
    public const string ScratchAccuracy = "scratch/accuracy";

    /// <summary>How the series of theory probes begin.</summary>
    public const string TheoryGroup = "theory/";

    // Theory probes by the question they belong to. The first eleven are written at every evaluation.
    public const string KernelRank = TheoryGroup + "q1_kernel_rank";
    public const string KernelAsymmetry = TheoryGroup + "q1_kernel_asymmetry";
    public const string KernelDivergence = TheoryGroup + "q1_kernel_divergence";
    public const string EncoderBarron = TheoryGroup + "q1_encoder_barron";
    public const string DecoderBarron = TheoryGroup + "q1_decoder_barron";
    public const string AdjacentCka = TheoryGroup + "q3_adjacent_cka";
    public const string EndsCka = TheoryGroup + "q3_first_last_cka";
    public const string PropagationGain = TheoryGroup + "q3_propagation_gain";
    public const string AttentionReach = TheoryGroup + "q5_attention_reach";
    public const string NonlocalMass = TheoryGroup + "q5_nonlocal_mass";
    public const string EffectiveDimension = TheoryGroup + "effective_dimension";
    public const string QuadratureSlope = TheoryGroup + "q1_quadrature_slope";
    public const string PatchLeakage = TheoryGroup + "q2_patch_leakage";
    public const string PatchRank = TheoryGroup + "q2_patch_rank";
    public const string FeatureLeakage = TheoryGroup + "q2_feature_leakage";
    public const string InformationRetention = TheoryGroup + "q2_information_retention";
    public const string SkipConditioning = TheoryGroup + "q3_skip_conditioning";
    public const string DecoderLift = TheoryGroup + "q4_decoder_lift";
    public const string DecoderLossRatio = TheoryGroup + "q4_decoder_loss_ratio";
    public const string NeighbourLossRatio = TheoryGroup + "q5_neighbour_loss_ratio";
    public const string GlobalGain = TheoryGroup + "q5_global_gain";
    public const string InfluenceLength = TheoryGroup + "q5_influence_length";
    public const string AlignmentGap = TheoryGroup + "alignment_gap";
    public const string LinearInfluenceLength = TheoryGroup + "linear_influence_length";

    public const string Epoch = "progress/epoch";
    public const string ElapsedSeconds = "progress/elapsed_s";
    public const string VisibleTokens = "progress/visible_tokens";
    public const string Images = "progress/images";

    /// <summary>How far a training has come; written with every step, and none of them ever falls.</summary>
    public static IReadOnlyList<string> Progress { get; } = [Epoch, ElapsedSeconds, Images, VisibleTokens];

    /// <summary>How the series about the machine begin.</summary>
    public const string SystemGroup = "system/";

    public const string ImagesPerSecond = SystemGroup + "images_per_second";
    public const string DataWait = SystemGroup + "data_wait";

    // Sampled by the runner on a timer: which steps have a point depends on the machine.
    public const string CpuCores = SystemGroup + "cpu_cores";
    public const string Memory = SystemGroup + "memory_mb";
    public const string GpuUtilisation = SystemGroup + "gpu_utilisation";
    public const string GpuMemory = SystemGroup + "gpu_memory_mb";
}
