namespace MaeLab.Engine.Data;

/// <summary>
/// How the images of a training are put into steps and batches, epoch by epoch in the order of <see cref="EpochOrder"/>. What is left
/// over at the end of an epoch is dropped: every step sees exactly <paramref name="StepSize"/> images.
/// </summary>
/// <param name="Seed">Of the order.</param>
/// <param name="Images">Training images there are.</param>
/// <param name="StepSize">Images of one step.</param>
/// <param name="BatchSize">Images of one forward pass; a step's last batch has what is left of it.</param>
public sealed record BatchOrder(long Seed, int Images, int Epochs, long StepsPerEpoch, int StepSize, int BatchSize)
{
    /// <summary>All images of a set once, as they follow one another there.</summary>
    public static BatchOrder Straight(int images, int batchSize) => new(Seed: 0, images, Epochs: 1, StepsPerEpoch: 1, images, batchSize) { IsShuffled = false };

    /// <summary>False: every epoch has the images in the order of their set.</summary>
    public bool IsShuffled { get; private init; } = true;

    /// <summary>Batches that make a step.</summary>
    public int BatchesPerStep => (StepSize + BatchSize - 1) / BatchSize;

    public long BatchesPerEpoch => StepsPerEpoch * BatchesPerStep;

    /// <summary>Of all epochs.</summary>
    public long Batches => Epochs * BatchesPerEpoch;

    /// <returns>The images of an epoch, in its order.</returns>
    public int[] ImagesOf(long epoch) => IsShuffled ? EpochOrder.Of(Seed, epoch, Images) : [.. Enumerable.Range(0, Images)];

    /// <param name="batch">From 0, over all epochs.</param>
    /// <returns>Its epoch, and which of that epoch's images it has.</returns>
    public (long Epoch, int From, int Count) Place(long batch)
    {
        var (step, part) = Math.DivRem(batch, BatchesPerStep);
        var (epoch, stepOfEpoch) = Math.DivRem(step, StepsPerEpoch);
        var from = (int)part * BatchSize;
        return (epoch, ((int)stepOfEpoch * StepSize) + from, Math.Min(BatchSize, StepSize - from));
    }
}
