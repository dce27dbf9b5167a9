using MaeLab.Domain.Recipes;

namespace MaeLab.Web.Features.NewExperiment;

/// <summary>The base recipe's fields in groups; what no group names is rarely used and folded away.</summary>
public static class FormGroups
{
    public static IReadOnlyList<(string Title, IReadOnlyList<RecipeField> Fields)> Usual { get; } =
    [
        ("Data", Fields("dataset.name", "dataset.limit", "imageSize", "augmentation")),
        ("Masking", Fields("maskRatio", "patchSize", "maskSampler", "target", "pcaComponents")),
        ("Encoder", Fields("encoder.width", "encoder.depth", "encoder.heads", "encoderMaskTokens")),
        ("Decoder", Fields("decoder.width", "decoder.depth", "decoder.heads")),
        ("Training", Fields("epochs", "batchSize", "baseLearningRate", "warmupEpochs", "weightDecay")),
        ("Evaluation", Fields("evaluation.linearProbe", "evaluation.knn", "evaluation.larsProbe.epochs", "evaluation.fineTune.epochs", "evaluation.fineTune.scratchControl")),
    ];

    public static IReadOnlyList<RecipeField> Rare { get; } =
        [.. RecipeFields.All.Except(Usual.SelectMany(group => group.Fields)).Where(field => field.Path != Domain.Ablations.Axis.SeedField)];

    private static RecipeField[] Fields(params string[] paths) =>
        [.. paths.Select(path => RecipeFields.Find(path) ?? throw new InvalidOperationException($"The form groups a field '{path}' that recipes do not have."))];
}
