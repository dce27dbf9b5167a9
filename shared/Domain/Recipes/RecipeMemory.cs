namespace MaeLab.Domain.Recipes;

/// <summary>What the phases of a run hold at once. The figures are in <c>tests/Benchmarks/README.md</c>, with the command that repeats them.</summary>
internal static class RecipeMemory
{
    /// <summary>Attention in bfloat16 on a CPU keeps its T x T weights up to so many tokens (the engine's Transformer).</summary>
    private const int MostTokensInSteps = 512;

    /// <summary>Holes between blocks of many sizes: glibc's heap holds a good third more than is alive (with every block mapped by itself it was 8 %).</summary>
    private const double HeapOverhead = 1.35;

    public static double Peak(Recipe recipe, double parameters, double encoderParameters, double values, int evaluationImages)
    {
        var plan = recipe.Evaluation;
        var classifies = plan.LinearProbe || plan.Knn > 0 || plan.LarsProbe.Epochs > 0;
        var peak = Training(recipe, parameters, values);
        if (classifies || plan.FineTune.Epochs > 0)
        {
            // Weight, moments, gradient and first values stay; fine-tuning's classifier has its own, and is scored as the frozen encoder is.
            var held = (5.0 * RecipeCost.Float * parameters) + (plan.FineTune.Epochs > 0 ? 5.0 * RecipeCost.Float * encoderParameters : 0);
            peak = Math.Max(peak, held + (HeapOverhead * evaluationImages * Encoder(recipe, RecipeCost.DecoderTokens(recipe))));
        }

        return peak;
    }

    /// <summary>What is alive at the end of the backward pass, when all that the forward pass has computed is still there.</summary>
    private static double Training(Recipe recipe, double parameters, double values)
    {
        // The linear layers' copies of the weights in bfloat16.
        var perParameter = RecipeCost.BytesPerParameter + (recipe.Precision == Precision.Bf16 ? 2 : 0);

        // A uniform batch compares every image with every one: products, squares and a gradient.
        var pairs = recipe.Uniformity is null ? 0 : 3.0 * RecipeCost.Float * recipe.BatchSize * recipe.BatchSize;
        return (parameters * perParameter) + (HeapOverhead * ((recipe.BatchSize * PerImage(recipe, values)) + pairs));
    }

    /// <summary>
    /// A block makes 18 w values a token: both norms (2 w), q, k and v (3 w), the attention and its projection (2 w), fc1 (4 w),
    /// GELU (4 w), fc2 (1 w) and both sums (2 w). The fused attention makes no T x T matrix. In bfloat16 some of them take half
    /// the bytes, but every linear layer's input and output exist in both precisions: together as much. Before and after
    /// the blocks come 4 D a token in the encoder (embedding, positions, cls, last norm) and 5 E in the decoder, and 15 times the image:
    /// batches loaded ahead (5), the tensor, its patches for the embedding, the target (3), prediction and loss (3), gradients (2).
    /// </summary>
    private static double PerImage(Recipe recipe, double values)
    {
        double encoderTokens = RecipeCost.EncoderTokens(recipe), decoderTokens = RecipeCost.DecoderTokens(recipe);
        return Encoder(recipe, encoderTokens)
            + (RecipeCost.Float * ((decoderTokens * recipe.Decoder.Width * ((18 * recipe.Decoder.Depth) + 5)) + (15 * recipe.Patches() * values)))
            + Maps(recipe, recipe.Encoder, encoderTokens)
            + Maps(recipe, recipe.Decoder, decoderTokens);
    }

    /// <summary>Without gradients as much as with them: a pass lets go of its tensors at its end.</summary>
    private static double Encoder(Recipe recipe, double tokens) => RecipeCost.Float * tokens * recipe.Encoder.Width * ((18 * recipe.Encoder.Depth) + 4);

    /// <summary>The products of queries and keys and their softmax, two bytes each.</summary>
    private static double Maps(Recipe recipe, TransformerShape shape, double tokens) =>
        recipe.Precision == Precision.Bf16 && tokens <= MostTokensInSteps ? 4.0 * shape.Depth * shape.Heads * tokens * tokens : 0;
}
