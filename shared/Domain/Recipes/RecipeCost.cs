namespace MaeLab.Domain.Recipes;

/// <summary>What a recipe costs, by counting (parameters per block 12w^2 + 13w, MACs per block 12Tw^2 + 2T^2w).</summary>
public sealed record RecipeCost
{
    public required long Parameters { get; init; }

    public required long EncoderParameters { get; init; }

    /// <summary>Optimizer steps of the whole run (the last incomplete batch of an epoch is dropped).</summary>
    public required long TotalSteps { get; init; }

    public required long StepsPerEpoch { get; init; }

    /// <summary>Tokens that the encoder processes over the whole run, cls token not counted: images x K.</summary>
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
        var patches = recipe.Patches();
        var visible = recipe.VisiblePatches();
        var values = recipe.PatchValues(dataset.Channels);
        var encoder = CountEncoder(recipe.Encoder, values);
        var parameters = encoder + CountDecoder(recipe, values);
        var images = recipe.TrainImages(dataset.TrainImages);
        var steps = recipe.TotalSteps(images);
        var seen = (double)steps * recipe.EffectiveBatch();
        var flops = 6 * ForwardMacs(recipe, patches, visible, values);
        return new()
        {
            Parameters = parameters,
            EncoderParameters = encoder,
            TotalSteps = steps,
            StepsPerEpoch = recipe.StepsPerEpoch(images),
            VisibleTokens = (long)(seen * visible),
            TrainFlopsPerImage = flops,
            TotalTrainFlops = flops * seen,
            PeakMemoryBytes = (long)PeakMemory(recipe, parameters, patches, visible, values),
        };
    }

    /// <summary>Predicted time of the run on a runner of the given training rate, in FLOP/s.</summary>
    public TimeSpan PredictTime(double flopsPerSecond) => TimeSpan.FromSeconds(TotalTrainFlops / flopsPerSecond);

    /// <summary>cls token, patch embedding, blocks, final norm. Positions are fixed and not counted.</summary>
    private static long CountEncoder(TransformerShape encoder, long patchValues) =>
        encoder.Width + ((patchValues + 1) * encoder.Width) + CountBlocks(encoder) + (2L * encoder.Width);

    /// <summary>Embedding of the encoder's tokens, mask token, blocks, final norm, prediction of the patch values.</summary>
    private static long CountDecoder(Recipe recipe, long patchValues)
    {
        long width = recipe.Decoder.Width;
        return ((recipe.Encoder.Width + 1) * width) + width + CountBlocks(recipe.Decoder) + (2 * width) + ((width + 1) * patchValues);
    }

    private static long CountBlocks(TransformerShape shape)
    {
        long width = shape.Width;
        return shape.Depth * ((12 * width * width) + (13 * width));
    }

    /// <summary>
    /// Blocks, patch embedding (of all patches, as in the paper's code), embedding of the visible tokens into the decoder
    /// and prediction. Both halves carry one cls token more than patches. Doubles: the largest recipes pass 2^63.
    /// </summary>
    private static double ForwardMacs(Recipe recipe, double patches, double visible, double values)
    {
        double encoder = recipe.Encoder.Width, decoder = recipe.Decoder.Width;
        return BlockMacs(recipe.Encoder, visible + 1)
            + BlockMacs(recipe.Decoder, patches + 1)
            + (patches * values * encoder)
            + ((visible + 1) * encoder * decoder)
            + ((patches + 1) * decoder * values);
    }

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
    private static double PeakMemory(Recipe recipe, double parameters, double patches, double visible, double values)
    {
        var half = recipe.Precision == Precision.Bf16;
        double bytesPerParameter = half ? 18 : 16;
        double bytesPerTokenWidth = half ? (2 * 4) + (15 * 2) : 17 * 4;
        var tokens = ((visible + 1) * recipe.Encoder.Width * recipe.Encoder.Depth) + ((patches + 1) * recipe.Decoder.Width * recipe.Decoder.Depth);
        var perImage = (tokens * bytesPerTokenWidth) + (3 * 4 * patches * values);
        return (parameters * bytesPerParameter) + (recipe.BatchSize * perImage);
    }
}
