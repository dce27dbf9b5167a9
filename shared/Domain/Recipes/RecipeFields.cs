using System.Collections.Frozen;
using System.Text.Json;

namespace MaeLab.Domain.Recipes;

/// <summary>Every field of a recipe, in the order of the form.</summary>
public static class RecipeFields
{
    /// <summary>The largest integer that every JSON reader keeps exactly, 2^53 - 1.</summary>
    private const double MaxSafeInteger = 9_007_199_254_740_991;

    public static IReadOnlyList<RecipeField> All { get; } =
    [
        Text("dataset.name", "Data set", "The images to train on: a built-in data set or one that a runner has registered.",
            r => r.Dataset.Name, (r, v) => r with { Dataset = r.Dataset with { Name = v } }, [.. Datasets.Known.Select(d => d.Name)]),
        OptionalInteger("dataset.limit", "Image limit", "Train on the first so many images only; empty for all of them.", 1, int.MaxValue,
            r => r.Dataset.Limit, (r, v) => r with { Dataset = r.Dataset with { Limit = v } }, "1000", "2000", "4000", "8000"),
        Integer("imageSize", "Image size", "Side of the square input image in pixels; images of another size are resized.", 1, 1024,
            r => r.ImageSize, (r, v) => r with { ImageSize = v }, "28", "32", "56"),
        Integer("patchSize", "Patch size", "Side of a patch in pixels; it must divide the image size.", 1, 1024,
            r => r.PatchSize, (r, v) => r with { PatchSize = v }, "2", "4", "7", "14"),
        Integer("encoder.width", "Encoder width", "Width of a token in the encoder; divisible by 4 and by the number of heads.", 4, 8192,
            r => r.Encoder.Width, (r, v) => r with { Encoder = r.Encoder with { Width = v } }, "64", "96", "128", "192"),
        Integer("encoder.depth", "Encoder depth", "Number of transformer blocks in the encoder.", 1, 128,
            r => r.Encoder.Depth, (r, v) => r with { Encoder = r.Encoder with { Depth = v } }, "2", "4", "6", "12"),
        Integer("encoder.heads", "Encoder heads", "Attention heads in the encoder; they must divide its width.", 1, 256,
            r => r.Encoder.Heads, (r, v) => r with { Encoder = r.Encoder with { Heads = v } }, "2", "4", "8"),
        Integer("decoder.width", "Decoder width", "Width of a token in the decoder; divisible by 4 and by the number of heads.", 4, 8192,
            r => r.Decoder.Width, (r, v) => r with { Decoder = r.Decoder with { Width = v } }, "16", "32", "64", "128"),
        Integer("decoder.depth", "Decoder depth", "Number of transformer blocks in the decoder.", 1, 128,
            r => r.Decoder.Depth, (r, v) => r with { Decoder = r.Decoder with { Depth = v } }, "1", "2", "4", "8"),
        Integer("decoder.heads", "Decoder heads", "Attention heads in the decoder; they must divide its width.", 1, 256,
            r => r.Decoder.Heads, (r, v) => r with { Decoder = r.Decoder with { Heads = v } }, "1", "2", "4"),
        Flag("encoderMaskTokens", "Encoder mask tokens", "Let the encoder process every token, the hidden ones replaced by a learnt mask token; MAE leaves them out.",
            r => r.EncoderMaskTokens, (r, v) => r with { EncoderMaskTokens = v }),
        Number("maskRatio", "Mask ratio", "Share of the patches that is hidden from the encoder.", 0, 1, exclusive: true,
            r => r.MaskRatio, (r, v) => r with { MaskRatio = v }, "0.25", "0.5", "0.6", "0.75", "0.9"),
        Choice("maskSampler", "Mask sampling", "How the hidden patches are chosen: at random, in blocks, or on a regular grid.",
            r => r.MaskSampler, (r, v) => r with { MaskSampler = v }),
        Choice("target", "Target", "What the decoder predicts: pixels, pixels normalised within their own patch, or the patch's largest PCA coefficients.",
            r => r.Target, (r, v) => r with { Target = v }),
        OptionalInteger("pcaComponents", "PCA components", "How many coefficients are predicted where the target is pca; empty for 96, or all of a smaller patch.",
            1, RecipeValidator.MaxPcaPatchValues, r => r.PcaComponents, (r, v) => r with { PcaComponents = v }, "null", "8", "16", "48", "96"),
        Choice("augmentation", "Augmentation", "What is done to a training image before it is cut into patches.",
            r => r.Augmentation, (r, v) => r with { Augmentation = v }),
        Integer("epochs", "Epochs", "Passes over the training images.", 1, 100_000,
            r => r.Epochs, (r, v) => r with { Epochs = v }, "10", "20", "50", "100"),
        Integer("batchSize", "Batch size", "Images of one forward pass; what the memory must hold.", 1, 65_536,
            r => r.BatchSize, (r, v) => r with { BatchSize = v }, "64", "128", "256", "512"),
        Integer("accumulation", "Accumulation", "Batches whose gradients are summed for one optimizer step.", 1, 16_384,
            r => r.Accumulation, (r, v) => r with { Accumulation = v }, "1", "2", "4"),
        Number("baseLearningRate", "Base learning rate", "Learning rate for 256 images a step; it grows in proportion to batch size times accumulation.",
            0, 100, exclusive: true, r => r.BaseLearningRate, (r, v) => r with { BaseLearningRate = v }, "0.00015", "0.0005", "0.001", "0.002"),
        Number("warmupEpochs", "Warm-up epochs", "Epochs over which the learning rate rises from zero to its peak.", 0, 100_000, exclusive: false,
            r => r.WarmupEpochs, (r, v) => r with { WarmupEpochs = v }, "0", "1", "2"),
        Number("minLearningRate", "Final learning rate", "Learning rate that the cosine ends at.", 0, 100, exclusive: false,
            r => r.MinLearningRate, (r, v) => r with { MinLearningRate = v }, "0", "1E-05"),
        Number("weightDecay", "Weight decay", "Decoupled weight decay of AdamW, on weight matrices only.", 0, 10, exclusive: false,
            r => r.WeightDecay, (r, v) => r with { WeightDecay = v }, "0", "0.05", "0.1"),
        OptionalNumber("clipNorm", "Gradient clip", "Largest norm of the gradient over all weights; empty for no clipping.", 0, 1_000_000, exclusive: true,
            r => r.ClipNorm, (r, v) => r with { ClipNorm = v }, "null", "1", "3"),
        Choice("precision", "Precision", "Arithmetic of the linear layers: single precision, or bfloat16 over single-precision weights.",
            r => r.Precision, (r, v) => r with { Precision = v }),
        OptionalNumber("uniformity", "Uniformity weight", "Weight of the uniformity term of U-MAE, against collapsed features; empty for plain MAE.",
            0, 1000, exclusive: false, r => r.Uniformity, (r, v) => r with { Uniformity = v }, "null", "0.001", "0.01", "0.1"),
        new("seed", "Seed", FieldKind.Integer, "Decides every random draw of the run; as an axis it repeats every cell.", false, [], ["0", "1", "2"])
        {
            Bounds = new(0, MaxSafeInteger),
            Get = r => r.Seed,
            Set = (r, v) => r with { Seed = (long)v! },
        },
        Flag("evaluation.linearProbe", "Linear probe", "Fit a linear classifier on the frozen features and report its accuracy.",
            r => r.Evaluation.LinearProbe, (r, v) => r with { Evaluation = r.Evaluation with { LinearProbe = v } }),
        Integer("evaluation.knn", "kNN neighbours", "How many nearest training images vote for the class of an image (kNN accuracy); 0 for no such probe.", 0, 1000,
            r => r.Evaluation.Knn, (r, v) => r with { Evaluation = r.Evaluation with { Knn = v } }, "0", "20", "200"),
        Choice("evaluation.theory", "Theory probes", "Which theory probes an evaluation makes: none, or the cheap ones, which take a fraction of a second on a small model.",
            r => r.Evaluation.Theory, (r, v) => r with { Evaluation = r.Evaluation with { Theory = v } }),
        .. EvaluationFields.All,
        Integer("evaluation.reconstructions", "Reconstructions", "How many gallery images are reconstructed at an evaluation; 0 for none.", 0, 64,
            r => r.Evaluation.Reconstructions, (r, v) => r with { Evaluation = r.Evaluation with { Reconstructions = v } }, "0", "8"),
        Integer("evaluation.everyEpochs", "Evaluate every", "Epochs between two evaluations; 0 for one at the end only.", 0, 100_000,
            r => r.Evaluation.EveryEpochs, (r, v) => r with { Evaluation = r.Evaluation with { EveryEpochs = v } }, "0", "5", "10"),
        Integer("checkpoints.everyEpochs", "Checkpoint every", "Epochs between two checkpoints; 0 for one at the end only.", 0, 100_000,
            r => r.Checkpoints.EveryEpochs, (r, v) => r with { Checkpoints = r.Checkpoints with { EveryEpochs = v } }, "0", "5", "10"),
        Integer("checkpoints.keepLast", "Checkpoints kept", "How many of the newest checkpoints are kept.", 1, 1000,
            r => r.Checkpoints.KeepLast, (r, v) => r with { Checkpoints = r.Checkpoints with { KeepLast = v } }, "1", "2"),
        Integer("checkpoints.keepEveryEpochs", "Kept for good every", "Checkpoints at multiples of so many epochs are never removed; 0 for none.", 0, 100_000,
            r => r.Checkpoints.KeepEveryEpochs, (r, v) => r with { Checkpoints = r.Checkpoints with { KeepEveryEpochs = v } }, "0", "50", "100"),
        Choice("checkpoints.keepBest", "Best kept by", "The evaluated checkpoint that is best by this is kept as well; none for no such one.",
            r => r.Checkpoints.KeepBest, (r, v) => r with { Checkpoints = r.Checkpoints with { KeepBest = v } }),
        Choice("device", "Device", "What to train on; auto takes CUDA where the runner has it.",
            r => r.Device, (r, v) => r with { Device = v }),
    ];

    private static readonly FrozenDictionary<string, RecipeField> s_byPath = All.ToFrozenDictionary(field => field.Path);

    /// <returns>Null where there is no such field.</returns>
    public static RecipeField? Find(string path) => s_byPath.GetValueOrDefault(path);

    internal static RecipeField Integer(
        string path, string label, string help, int min, int max, Func<Recipe, int> get, Func<Recipe, int, Recipe> set, params string[] suggestions) =>
        new(path, label, FieldKind.Integer, help, false, [], suggestions)
        {
            Bounds = new(min, max),
            Get = r => (long)get(r),
            Set = (r, v) => set(r, (int)(long)v!),
        };

    private static RecipeField OptionalInteger(
        string path, string label, string help, int min, int max, Func<Recipe, int?> get, Func<Recipe, int?, Recipe> set, params string[] suggestions) =>
        new(path, label, FieldKind.Integer, help, true, [], suggestions)
        {
            Bounds = new(min, max),
            Get = r => (long?)get(r),
            Set = (r, v) => set(r, (int?)(long?)v),
        };

    internal static RecipeField Number(
        string path, string label, string help, double min, double max, bool exclusive,
        Func<Recipe, double> get, Func<Recipe, double, Recipe> set, params string[] suggestions) =>
        new(path, label, FieldKind.Number, help, false, [], suggestions)
        {
            Bounds = new(min, max, exclusive),
            Get = r => get(r),
            Set = (r, v) => set(r, (double)v!),
        };

    private static RecipeField OptionalNumber(
        string path, string label, string help, double min, double max, bool exclusive,
        Func<Recipe, double?> get, Func<Recipe, double?, Recipe> set, params string[] suggestions) =>
        new(path, label, FieldKind.Number, help, true, [], suggestions)
        {
            Bounds = new(min, max, exclusive),
            Get = r => get(r),
            Set = (r, v) => set(r, (double?)v),
        };

    internal static RecipeField Flag(string path, string label, string help, Func<Recipe, bool> get, Func<Recipe, bool, Recipe> set) =>
        new(path, label, FieldKind.Flag, help, false, [], ["true", "false"]) { Get = r => get(r), Set = (r, v) => set(r, (bool)v!) };

    private static RecipeField Text(
        string path, string label, string help, Func<Recipe, string> get, Func<Recipe, string, Recipe> set, params string[] suggestions) =>
        new(path, label, FieldKind.Text, help, false, [], [.. suggestions.Select(FieldValue.Literal)])
        {
            Get = get,
            Set = (r, v) => set(r, (string)v!),
        };

    internal static RecipeField Choice<T>(string path, string label, string help, Func<Recipe, T> get, Func<Recipe, T, Recipe> set)
        where T : struct, Enum
    {
        var byWord = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
        var byValue = byWord.ToDictionary(pair => pair.Value, pair => pair.Key);
        return new(path, label, FieldKind.Choice, help, false, [.. byWord.Keys], [.. byWord.Keys.Select(FieldValue.Literal)])
        {
            Get = r => byValue[get(r)],
            Set = (r, v) => set(r, byWord[(string)v!]),
        };
    }
}
