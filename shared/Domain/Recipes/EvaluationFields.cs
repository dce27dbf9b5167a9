using static MaeLab.Domain.Recipes.RecipeFields;

namespace MaeLab.Domain.Recipes;

/// <summary>The fields of the evaluations that are trainings themselves.</summary>
internal static class EvaluationFields
{
    public static IReadOnlyList<RecipeField> All { get; } =
    [
        Integer("evaluation.larsProbe.epochs", "LARS probe epochs",
            "Epochs of the paper's linear probe, trained by LARS on all training images at the end of the run (the paper has 90); 0 for none.", 0, 100_000,
            r => r.Evaluation.LarsProbe.Epochs, (r, v) => With(r, r.Evaluation.LarsProbe with { Epochs = v }), "0", "90"),
        Number("evaluation.larsProbe.baseLearningRate", "LARS probe rate", "Learning rate of the LARS probe for 256 images; the paper's batch of 16,384 makes 64 times of it.",
            0, 100, exclusive: true, r => r.Evaluation.LarsProbe.BaseLearningRate, (r, v) => With(r, r.Evaluation.LarsProbe with { BaseLearningRate = v }), "0.05", "0.1", "0.2"),
        Flag("evaluation.larsProbe.augmentation", "LARS probe augmentation", "Show the LARS probe new crops and flips in every epoch, which computes the features anew each time.",
            r => r.Evaluation.LarsProbe.Augmentation, (r, v) => With(r, r.Evaluation.LarsProbe with { Augmentation = v })),
        Integer("evaluation.fineTune.epochs", "Fine-tuning epochs", "Epochs of fine-tuning the encoder as a classifier at the end of the run; 0 for none.", 0, 100_000,
            r => r.Evaluation.FineTune.Epochs, (r, v) => With(r, r.Evaluation.FineTune with { Epochs = v }), "0", "10", "50", "100"),
        Integer("evaluation.fineTune.batchSize", "Fine-tuning batch", "Images of one optimizer step of fine-tuning; what the memory does not hold at once is accumulated.", 1, 65_536,
            r => r.Evaluation.FineTune.BatchSize, (r, v) => With(r, r.Evaluation.FineTune with { BatchSize = v }), "128", "256", "1024"),
        Number("evaluation.fineTune.baseLearningRate", "Fine-tuning rate", "Learning rate of fine-tuning for 256 images a step; it grows in proportion to the batch.", 0, 100, exclusive: true,
            r => r.Evaluation.FineTune.BaseLearningRate, (r, v) => With(r, r.Evaluation.FineTune with { BaseLearningRate = v }), "0.0005", "0.001", "0.002"),
        Number("evaluation.fineTune.layerDecay", "Layer decay", "Factor of fine-tuning's learning rate from a layer to the one below it; 1 for the same rate everywhere.", 0.01, 1, exclusive: false,
            r => r.Evaluation.FineTune.LayerDecay, (r, v) => With(r, r.Evaluation.FineTune with { LayerDecay = v }), "0.65", "0.75", "1"),
        Number("evaluation.fineTune.dropPath", "Drop path", "Share of the last block's branches that fine-tuning drops at random; it falls linearly to 0 at the first block.", 0, 0.9, exclusive: false,
            r => r.Evaluation.FineTune.DropPath, (r, v) => With(r, r.Evaluation.FineTune with { DropPath = v }), "0", "0.1", "0.2"),
        Choice("evaluation.fineTune.pooling", "Fine-tuning pooling", "What the classifier reads: the mean of the patch tokens, or the cls token.",
            r => r.Evaluation.FineTune.Pooling, (r, v) => With(r, r.Evaluation.FineTune with { Pooling = v })),
        Choice("evaluation.fineTune.augmentation", "Fine-tuning augmentation", "What is done to a training image before fine-tuning sees it.",
            r => r.Evaluation.FineTune.Augmentation, (r, v) => With(r, r.Evaluation.FineTune with { Augmentation = v })),
        Number("evaluation.fineTune.randAugment", "RandAugment", "Magnitude of RandAugment, which changes fine-tuning's images in colour and shape by two random operations of this strength (the paper has 9); 0 for none.",
            0, 10, exclusive: false, r => r.Evaluation.FineTune.RandAugment, (r, v) => With(r, r.Evaluation.FineTune with { RandAugment = v }), "0", "5", "9"),
        Number("evaluation.fineTune.randomErasing", "Random erasing", "Probability with which a rectangle of a fine-tuning image is replaced by noise (the paper has 0.25); 0 for never.",
            0, 1, exclusive: false, r => r.Evaluation.FineTune.RandomErasing, (r, v) => With(r, r.Evaluation.FineTune with { RandomErasing = v }), "0", "0.25"),
        Flag("evaluation.fineTune.mixing", "Mixup and CutMix", "Fine-tune on pairs of images mixed with each other, as the paper does in its long schedules.",
            r => r.Evaluation.FineTune.Mixing, (r, v) => With(r, r.Evaluation.FineTune with { Mixing = v })),
        Flag("evaluation.fineTune.scratchControl", "From-scratch control", "Repeat the fine-tuning from the run's initial weights, to tell what pre-training was worth.",
            r => r.Evaluation.FineTune.ScratchControl, (r, v) => With(r, r.Evaluation.FineTune with { ScratchControl = v })),
    ];

    private static Recipe With(Recipe recipe, LarsProbePlan plan) => recipe with { Evaluation = recipe.Evaluation with { LarsProbe = plan } };

    private static Recipe With(Recipe recipe, FineTunePlan plan) => recipe with { Evaluation = recipe.Evaluation with { FineTune = plan } };
}
