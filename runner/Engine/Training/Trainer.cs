using MaeLab.Domain.Recipes;

namespace MaeLab.Engine.Training;

/// <summary>Everything one attempt starts from.</summary>
/// <param name="Restore">Opens the checkpoint to go on from; null: from the beginning.</param>
/// <param name="DataFolders">Folder by data set name, for those that are not embedded.</param>
/// <param name="Threads">libtorch's threads for this run.</param>
public sealed record TrainingJob(Recipe Recipe, Func<Stream>? Restore, IReadOnlyDictionary<string, string> DataFolders, int Threads);

/// <param name="Completed">False: left at a step boundary because it was told to.</param>
/// <param name="WeightsSha256">SHA-256 over the model's weights, lower-case hex; null unless completed.</param>
public sealed record TrainingOutcome(bool Completed, long Step, string? WeightsSha256);

/// <summary>The training loop: pre-training, evaluation, checkpoints. Runs on the calling thread until done.</summary>
public static class Trainer
{
    /// <exception cref="TrainingFailedException">Diverged, bad data, out of memory, unsupported.</exception>
    public static TrainingOutcome Run(TrainingJob job, ITrainingSink sink, CancellationToken cancellationToken) =>
        throw new NotImplementedException();
}
