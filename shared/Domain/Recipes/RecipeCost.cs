namespace MaeLab.Domain.Recipes;

/// <summary>What a recipe costs, by counting (parameters per block 12w^2 + 13w, MACs per block 12Tw^2 + 2T^2w).</summary>
public sealed record RecipeCost
{
    public required long Parameters { get; init; }

    public required long EncoderParameters { get; init; }

    /// <summary>Optimizer steps of the whole run (the last incomplete batch of an epoch is dropped).</summary>
    public required long TotalSteps { get; init; }

    public required long StepsPerEpoch { get; init; }

    /// <summary>Visible tokens that the encoder processes over the whole run, cls and mask tokens not counted: images x K.</summary>
    public required long VisibleTokens { get; init; }

    /// <summary>Floating-point operations of one training image, forward and backward: 6 a MAC.</summary>
    public required double TrainFlopsPerImage { get; init; }

    public required double TotalTrainFlops { get; init; }

    /// <summary>
    /// Estimate of what training holds at once: 16 bytes a parameter (weight, gradient, two moments), what the blocks keep
    /// for the backward pass at the recipe's batch size, and input, target and prediction. The data set is not counted.
    /// </summary>
    public required long PeakMemoryBytes { get; init; }

    public static RecipeCost Of(Recipe recipe, DatasetInfo dataset)
    {
        var values = recipe.PatchValues(dataset.Channels);
        var targets = recipe.TargetValues(dataset.Channels);
        var encoder = CountEncoder(recipe, values);
        var parameters = encoder + CountDecoder(recipe, targets);
        var images = recipe.TrainImages(dataset.TrainImages);
        var steps = recipe.TotalSteps(images);
        var seen = (double)steps * recipe.EffectiveBatch();
        var flops = 6 * ForwardMacs(recipe, values, targets);
        return new()
        {
            Parameters = parameters,
            EncoderParameters = encoder,
            TotalSteps = steps,
            StepsPerEpoch = recipe.StepsPerEpoch(images),
            VisibleTokens = (long)(seen * recipe.VisiblePatches()),
            TrainFlopsPerImage = flops,
            TotalTrainFlops = flops * seen,
            PeakMemoryBytes = (long)PeakMemory(recipe, parameters, values),
        };
    }

    /// <summary>Predicted time of the run on a runner of the given training rate, in FLOP/s.</summary>
    public TimeSpan PredictTime(double flopsPerSecond) => TimeSpan.FromSeconds(TotalTrainFlops / flopsPerSecond);

    /// <summary>cls token, patch embedding, blocks, final norm; the mask token where it is the encoder's. Positions are fixed and not counted.</summary>
    private static long CountEncoder(Recipe recipe, long patchValues)
    {
        long width = recipe.Encoder.Width;
        return width + ((patchValues + 1) * width) + CountBlocks(recipe.Encoder) + (2 * width) + (recipe.EncoderMaskTokens ? width : 0);
    }

    /// <summary>Embedding of the encoder's tokens, mask token where it is the decoder's, blocks, final norm, prediction of the target's values.</summary>
    private static long CountDecoder(Recipe recipe, long targetValues)
    {
        long width = recipe.Decoder.Width;
        return ((recipe.Encoder.Width + 1) * width) + (recipe.EncoderMaskTokens ? 0 : width) + CountBlocks(recipe.Decoder) + (2 * width) + ((width + 1) * targetValues);
    }

    private static long CountBlocks(TransformerShape shape)
    {
        long width = shape.Width;
        return shape.Depth * ((12 * width * width) + (13 * width));
    }

    /// <summary>
    /// Blocks, patch embedding (of all patches, as in the paper's code), embedding of the encoder's tokens into the decoder
    /// and prediction. Doubles: the largest recipes pass 2^63.
    /// </summary>
    private static double ForwardMacs(Recipe recipe, double values, double targets)
    {
        double encoder = recipe.Encoder.Width, decoder = recipe.Decoder.Width;
        double patches = recipe.Patches(), encoderTokens = EncoderTokens(recipe), decoderTokens = DecoderTokens(recipe);
        return BlockMacs(recipe.Encoder, encoderTokens)
            + BlockMacs(recipe.Decoder, decoderTokens)
            + (patches * values * encoder)
            + (encoderTokens * encoder * decoder)
            + (decoderTokens * decoder * targets);
    }

    /// <summary>cls and the visible patches, or all of them where the encoder takes mask tokens.</summary>
    private static double EncoderTokens(Recipe recipe) => 1 + (recipe.EncoderMaskTokens ? recipe.Patches() : recipe.VisiblePatches());

    private static double DecoderTokens(Recipe recipe) => 1 + recipe.Patches();

    private static double BlockMacs(TransformerShape shape, double tokens)
    {
        double width = shape.Width;
        return shape.Depth * ((12 * tokens * width * width) + (2 * tokens * tokens * width));
    }

    /// <summary>
    /// A block keeps 17 w values a token for its backward pass: the inputs of both norms (2 w), of the four linear layers
    /// (1 + 1 + 1 + 4 w), of the attention (3 w) with its output (1 w), and of the GELU (4 w). The fused attention kernel keeps no
    /// T x T matrix. In bfloat16 all but the inputs of the norms take 2 bytes, and the weights are held once more.
    /// </summary>
    private static double PeakMemory(Recipe recipe, double parameters, double values)
    {
        var half = recipe.Precision == Precision.Bf16;
        double bytesPerParameter = half ? 18 : 16;
        double bytesPerTokenWidth = half ? (2 * 4) + (15 * 2) : 17 * 4;
        var tokens = (EncoderTokens(recipe) * recipe.Encoder.Width * recipe.Encoder.Depth) + (DecoderTokens(recipe) * recipe.Decoder.Width * recipe.Decoder.Depth);
        var perImage = (tokens * bytesPerTokenWidth) + (3 * 4 * recipe.Patches() * values);
        return (parameters * bytesPerParameter) + (recipe.BatchSize * perImage);
    }
}
