using System.Runtime.InteropServices;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Native;
using TorchSharp;

namespace MaeLab.Engine.Training;

/// <summary>Everything one attempt starts from.</summary>
/// <param name="Restore">Opens the checkpoint to go on from; null: from the beginning.</param>
/// <param name="RestoreEvaluation">Opens the newest state of the evaluations made at that checkpoint, see <see cref="ITrainingSink.SaveEvaluationState"/>; null: they begin anew.</param>
/// <param name="DataFolders">Folder by data set name, for those that are not embedded.</param>
/// <param name="Threads">libtorch's threads for this run; 0: one a core.</param>
/// <param name="Cache">Where decoded images are kept from run to run; null: nowhere.</param>
/// <param name="MemoryBytes">Of the machine: a run that is estimated to need more is not begun. Null: nobody looks.</param>
public sealed record TrainingJob(
    Recipe Recipe, Func<Stream>? Restore, IReadOnlyDictionary<string, string> DataFolders, int Threads, ImageCache? Cache = null, long? MemoryBytes = null,
    Func<Stream>? RestoreEvaluation = null);

/// <param name="Completed">False: left at a step boundary because it was told to.</param>
/// <param name="WeightsSha256">SHA-256 over the model's weights, lower-case hex; null unless completed.</param>
public sealed record TrainingOutcome(bool Completed, long Step, string? WeightsSha256);

/// <summary>The training loop: pre-training, evaluation, checkpoints. Runs on the calling thread until done.</summary>
public static class Trainer
{
    /// <exception cref="TrainingFailedException">Diverged, bad data, out of memory, unsupported.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled: left at once, nothing saved.</exception>
    public static TrainingOutcome Run(TrainingJob job, ITrainingSink sink, CancellationToken cancellationToken)
    {
        return OnThisThread(job.Threads, Train);

        TrainingOutcome Train()
        {
            var recipe = job.Recipe;
            var source = new DatasetLocator(job.DataFolders).Find(recipe.Dataset.Name);
            Check(recipe, source.Info);
            var device = TrainingDevice.Choose(recipe.Device);
            if (device.type == DeviceType.CPU && job.MemoryBytes is { } memory)
            {
                CheckMemory(RecipeCost.Of(recipe, source.Info), memory);
            }

            using var dataset = source.Open(recipe.Dataset.Limit, job.Cache ?? ImageCache.None, sink, cancellationToken);
            using var run = new TrainingRun(recipe, dataset, device, sink);
            if (job.Restore is { } open)
            {
                using var checkpoint = open();
                run.Restore(checkpoint);
            }

            return run.Run(job.RestoreEvaluation, cancellationToken);
        }
    }

    /// <summary>Work with libtorch from its first tensor to its last: none is left, and the memory goes back to the machine.</summary>
    /// <param name="threads">libtorch's; 0: one a core.</param>
    /// <exception cref="TrainingFailedException">Out of memory, or what the work itself found.</exception>
    internal static T OnThisThread<T>(int threads, Func<T> work)
    {
        NativeThreads.Use(threads);
        using var scope = torch.NewDisposeScope();
        try
        {
            return work();
        }
        catch (Exception exception) when (IsOutOfMemory(exception))
        {
            throw new TrainingFailedException(ReasonCode.OutOfMemory,
                $"Out of memory: try a smaller batch with more accumulation, or a smaller model. {exception.Message.Split('\n')[0]}", exception);
        }
        finally
        {
            NativeHeap.GiveBack();
        }
    }

    /// <summary>Recipes are checked where they are submitted; one that came another way is refused here, with everything that is wrong.</summary>
    private static void Check(Recipe recipe, DatasetInfo dataset)
    {
        var errors = RecipeValidator.Validate(recipe, new Dictionary<string, DatasetInfo> { [dataset.Name] = dataset });
        if (errors.Count > 0)
        {
            throw new TrainingFailedException(ReasonCode.Unsupported,
                string.Join(" ", errors.Select(error => $"{error.Field}: {error.Message}")));
        }
    }

    /// <summary>
    /// Linux promises memory that it does not have and kills the process once it is used, with all other runs in it. A GPU refuses, and the
    /// run alone ends.
    /// </summary>
    private static void CheckMemory(RecipeCost cost, long memory)
    {
        if (cost.PeakMemoryBytes > memory)
        {
            var remedy = cost.Parameters * RecipeCost.BytesPerParameter > memory / 2 ? "train a smaller model" : "use a smaller batchSize with more accumulation, or a smaller model";
            throw new TrainingFailedException(ReasonCode.OutOfMemory, FormattableString.Invariant(
                $"Out of memory, not begun: it needs about {cost.PeakMemoryBytes / 1e9:0.##} GB by estimate, this runner has {memory / 1e9:0.##} GB: {remedy}, or give the runner more."));
        }
    }

    /// <summary>libtorch reports a failed allocation as an ordinary error; only its words tell.</summary>
    private static bool IsOutOfMemory(Exception exception) => exception is OutOfMemoryException
        || (exception is ExternalException && (exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase)));
}
