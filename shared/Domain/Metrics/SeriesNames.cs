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
    public const string SharedPixelError = "probe/shared_pixel_mse";
    public const string SharedSkill = "probe/shared_skill";

    // Steps of a training that follows the run's own count on from its last one.
    public const string FineTuneLoss = "finetune/train_loss";
    public const string FineTuneAccuracy = "finetune/accuracy";
    public const string ScratchLoss = "scratch/train_loss";
    public const string ScratchAccuracy = "scratch/accuracy";

    public const string Epoch = "progress/epoch";
    public const string ElapsedSeconds = "progress/elapsed_s";
    public const string VisibleTokens = "progress/visible_tokens";
    public const string Images = "progress/images";

    public const string ImagesPerSecond = "system/images_per_second";
    public const string DataWait = "system/data_wait";
}
