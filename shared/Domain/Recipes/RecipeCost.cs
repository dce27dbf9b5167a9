namespace MaeLab.Domain.Recipes;

/// <summary>What a recipe costs, by counting (mae-spec: parameters per block 12w^2 + 13w, MACs per block 12Tw^2 + 2T^2w).</summary>
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

    /// <summary>Weights, gradients, moments and activations at the batch size of the recipe.</summary>
    public required long PeakMemoryBytes { get; init; }

    public static RecipeCost Of(Recipe recipe, DatasetInfo dataset) => throw new NotImplementedException();

    /// <summary>Predicted time of the run on a runner of the given training rate, in FLOP/s.</summary>
    public TimeSpan PredictTime(double flopsPerSecond) => TimeSpan.FromSeconds(TotalTrainFlops / flopsPerSecond);
}
