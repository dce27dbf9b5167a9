using System.Collections.Frozen;

namespace MaeLab.Domain.Recipes;

/// <summary>Complete recipes by name; a submission names one and changes what it wants to study.</summary>
public static class Presets
{
    public const string Default = "nano";

    private static readonly FrozenDictionary<string, Recipe> s_byName = new Dictionary<string, Recipe>
    {
        ["nano"] = Small(new(64, 4, 4), new(32, 1, 2)),
        ["micro"] = Small(new(96, 6, 3), new(64, 2, 4)) with { Epochs = 40, WarmupEpochs = 4 },
        ["tiny"] = Small(new(192, 12, 3), new(96, 4, 3)) with { Epochs = 100, WarmupEpochs = 10, BatchSize = 128 },
        ["base"] = Paper(patchSize: 16, new(768, 12, 12), PaperEvaluation(epochs: 100, rate: 5e-4, layerDecay: 0.65, dropPath: 0.1)),
        ["large"] = Paper(patchSize: 16, new(1024, 24, 16), PaperEvaluation(epochs: 50, rate: 1e-3, layerDecay: 0.75, dropPath: 0.2)),
        ["huge"] = Paper(patchSize: 14, new(1280, 32, 16), PaperEvaluation(epochs: 50, rate: 1e-3, layerDecay: 0.75, dropPath: 0.3)),
    }.ToFrozenDictionary();

    public static IReadOnlyList<string> Names { get; } = ["nano", "micro", "tiny", "base", "large", "huge"];

    /// <returns>Null where there is no preset of this name.</returns>
    public static Recipe? Find(string name) => s_byName.GetValueOrDefault(name);

    /// <summary>28 x 28 images on a CPU: small enough to finish while one watches.</summary>
    private static Recipe Small(TransformerShape encoder, TransformerShape decoder) => new()
    {
        Dataset = new(Datasets.FashionMnistSample.Name),
        ImageSize = 28,
        PatchSize = 4,
        Encoder = encoder,
        Decoder = decoder,
        MaskRatio = 0.75,
        MaskSampler = MaskSampler.Random,
        Target = ReconstructionTarget.NormalizedPixels,
        Augmentation = Augmentation.None,
        Epochs = 10,
        BatchSize = 256,
        Accumulation = 1,
        BaseLearningRate = 1e-3,
        WarmupEpochs = 1,
        MinLearningRate = 0,
        WeightDecay = 0.05,
        Precision = Precision.Fp32,
        Seed = 0,
        Evaluation = new(LinearProbe: true, Reconstructions: 8, EveryEpochs: 0) { Knn = 20 },
        Checkpoints = new(EveryEpochs: 5, KeepLast: 2),
        Device = ComputeDevice.Auto,
    };

    /// <summary>The paper's linear probe, and fine-tuning as the public code has it for the size (which starts from normalised pixels, unlike the paper's Table 9).</summary>
    private static EvaluationPlan PaperEvaluation(int epochs, double rate, double layerDecay, double dropPath) =>
        new(LinearProbe: true, Reconstructions: 8, EveryEpochs: 20)
        {
            Knn = 20,
            LarsProbe = new() { Epochs = 90, Augmentation = true },
            FineTune = new()
            {
                Epochs = epochs,
                BatchSize = 1024,
                BaseLearningRate = rate,
                LayerDecay = layerDecay,
                DropPath = dropPath,
                RandAugment = 9,
                RandomErasing = 0.25,
                Mixing = true,
            },
        };

    /// <summary>The recipe of the MAE paper (Table 8): 224 x 224 images, effective batch 4096, 800 epochs.</summary>
    private static Recipe Paper(int patchSize, TransformerShape encoder, EvaluationPlan evaluation) => Small(encoder, new(512, 8, 16)) with
    {
        Dataset = new(Datasets.Cifar10.Name),
        ImageSize = 224,
        PatchSize = patchSize,
        Augmentation = Augmentation.RandomCrop,
        Epochs = 800,
        BatchSize = 64,
        Accumulation = 64,
        BaseLearningRate = 1.5e-4,
        WarmupEpochs = 40,
        Evaluation = evaluation,
        Checkpoints = new(EveryEpochs: 20, KeepLast: 2),
    };
}
