namespace MaeLab.Domain.Recipes;

/// <summary>What a recipe costs, by counting (parameters per block 12w^2 + 13w, MACs per block 12Tw^2 + 2T^2w).</summary>
public sealed record RecipeCost
{
    /// <summary>
    /// Weight, two moments and gradient; while the backward pass ends also the gradient's pieces and their concatenation, which
    /// is then added to it; and the first values, whose arrays the garbage collector has not given back.
    /// </summary>
    public const int BytesPerParameter = 7 * Float;

    internal const int Float = 4;

    /// <summary>Enough images to fill the processor.</summary>
    private const int MostEvaluationImages = 128;

    /// <summary>Of a batch: a few seconds on two cores, of the 30 that a runner has to leave. ViT-B computes 10 images in that time.</summary>
    private const double MostEvaluationFlops = 0.5e12;

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
    /// Estimate of what a run holds at once, mostly within a quarter on a CPU: in training, in evaluation or in fine-tuning, whichever takes most
    /// (<see cref="RecipeMemory"/>). The runtime with libtorch (230 MB) and the data set are not counted.
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
            PeakMemoryBytes = (long)RecipeMemory.Peak(recipe, parameters, encoder, values, EvaluationImages(recipe, dataset.Channels)),
        };
    }

    /// <summary>Floating-point operations of an image that passes the whole model with every patch visible: 2 a MAC.</summary>
    private static double ForwardFlopsPerImage(Recipe recipe, int channels) =>
        2 * ForwardMacs(recipe with { EncoderMaskTokens = true }, recipe.PatchValues(channels), recipe.TargetValues(channels));

    /// <summary>
    /// Images of a forward pass without gradients. Fewer where the model is large, by its recipe alone: sums of other batches may end in
    /// other last bits.
    /// </summary>
    public static int EvaluationImages(Recipe recipe, int channels) =>
        (int)Math.Clamp(MostEvaluationFlops / ForwardFlopsPerImage(recipe, channels), 1, MostEvaluationImages);

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
    internal static double EncoderTokens(Recipe recipe) => 1 + (recipe.EncoderMaskTokens ? recipe.Patches() : recipe.VisiblePatches());

    internal static double DecoderTokens(Recipe recipe) => 1 + recipe.Patches();

    private static double BlockMacs(TransformerShape shape, double tokens)
    {
        double width = shape.Width;
        return shape.Depth * ((12 * tokens * width * width) + (2 * tokens * tokens * width));
    }
}
