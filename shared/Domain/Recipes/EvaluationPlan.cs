namespace MaeLab.Domain.Recipes;

/// <param name="LinearProbe">Fit a linear classifier on the frozen encoder's features, by a convex solver in seconds.</param>
/// <param name="Reconstructions">How many of the fixed gallery images are reconstructed; 0: none.</param>
/// <param name="EveryEpochs">Evaluate after every so many epochs; 0: only at the end. The end is always evaluated.</param>
public sealed record EvaluationPlan(bool LinearProbe, int Reconstructions, int EveryEpochs)
{
    /// <summary>No evaluation at all.</summary>
    public static EvaluationPlan None { get; } = new(LinearProbe: false, Reconstructions: 0, EveryEpochs: 0) { Theory = TheoryProbes.Off };

    /// <summary>k of the nearest-neighbour classifier on the same features; 0: none.</summary>
    public int Knn { get; init; }

    /// <summary>Recipes stored before there were such probes have them now: they are cheap, and change no weight.</summary>
    public TheoryProbes Theory { get; init; } = TheoryProbes.Cheap;

    public LarsProbePlan LarsProbe { get; init; } = new();

    public FineTunePlan FineTune { get; init; } = new();

    /// <summary>After which epoch a run is evaluated for the first time.</summary>
    /// <param name="epochs">Of the run, whose end is always evaluated.</param>
    public int FirstEpoch(int epochs) => EveryEpochs > 0 ? Math.Min(EveryEpochs, epochs) : epochs;
}

/// <summary>The linear probe of the MAE paper (Table 10), trained by LARS; once, at the end of a run.</summary>
public sealed record LarsProbePlan
{
    /// <summary>0: no such probe. The paper has 90.</summary>
    public int Epochs { get; init; }

    /// <summary>Learning rate at a batch of 256; the paper's batch of 16,384 makes 6.4 of it.</summary>
    public double BaseLearningRate { get; init; } = 0.1;

    /// <summary>True: every epoch sees new crops and flips, and computes its features anew; false: features are computed once.</summary>
    public bool Augmentation { get; init; }
}

/// <summary>Fine-tuning of the encoder as a classifier (MAE paper, Table 9); once, at the end of a run.</summary>
public sealed record FineTunePlan
{
    /// <summary>0: no fine-tuning.</summary>
    public int Epochs { get; init; }

    /// <summary>Images an optimizer step.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Learning rate at a batch of 256.</summary>
    public double BaseLearningRate { get; init; } = 1e-3;

    /// <summary>Factor of the learning rate from one layer to the one below it.</summary>
    public double LayerDecay { get; init; } = 0.75;

    /// <summary>Share of the last block's branches that are dropped; it falls linearly to 0 at the first block.</summary>
    public double DropPath { get; init; } = 0.1;

    public Pooling Pooling { get; init; }

    public Augmentation Augmentation { get; init; } = Augmentation.RandomCrop;

    /// <summary>Magnitude of RandAugment, 0 to 10; 0: none. The paper has 9.</summary>
    public double RandAugment { get; init; }

    /// <summary>Probability that a rectangle of an image is replaced by noise; 0: never. The paper has 0.25.</summary>
    public double RandomErasing { get; init; }

    /// <summary>Mixup (0.8) or CutMix (1.0), one of them by turns of a coin.</summary>
    public bool Mixing { get; init; }

    /// <summary>Repeat it from the run's initial weights: what pre-training was worth.</summary>
    public bool ScratchControl { get; init; }
}
