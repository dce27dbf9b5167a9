using System.Diagnostics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Data;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Model;
using MaeLab.Engine.Native;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Probes;

/// <summary>Everything one examination of a checkpoint starts from.</summary>
/// <param name="Recipe">Of the run that the checkpoint is of.</param>
/// <param name="Step">Of the checkpoint; what is found counts as of this step.</param>
/// <param name="Checkpoint">Opens it.</param>
/// <param name="Known">Series whose results an earlier attempt has left: they are not made again.</param>
/// <param name="DataFolders">Folder by data set name, for those that are not embedded.</param>
/// <param name="Threads">libtorch's threads; 0: one a core.</param>
/// <param name="Cache">Where decoded images are kept from run to run; null: nowhere.</param>
public sealed record TheoryJob(
    Recipe Recipe, long Step, Func<Stream> Checkpoint, IReadOnlySet<string> Known, IReadOnlyDictionary<string, string> DataFolders, int Threads, ImageCache? Cache = null);

/// <summary>The theory suite as work for a runner, as <see cref="Trainer"/> is for training: each probe's results go to the sink as it is done. Steps are probes.</summary>
public static class TheoryExamination
{
    /// <exception cref="TrainingFailedException">Bad data, such as a checkpoint without all weights; out of memory.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled: left at once.</exception>
    public static TrainingOutcome Run(TheoryJob job, ITrainingSink sink, CancellationToken cancellationToken)
    {
        return Trainer.OnThisThread(job.Threads, Examine);

        TrainingOutcome Examine()
        {
            var recipe = job.Recipe;
            sink.Report(Progress(0));
            using var dataset = new DatasetLocator(job.DataFolders).Find(recipe.Dataset.Name)
                .Open(recipe.Dataset.Limit, job.Cache ?? ImageCache.None, sink, cancellationToken);
            using var parameters = ReadParameters(job, dataset.Channels);
            var (began, done) = (Stopwatch.GetTimestamp(), 0);
            try
            {
                TheorySuite.Run(
                    recipe, dataset, parameters, job.Known, new(sink, recipe, dataset.Channels, cancellationToken),
                    progress => sink.Report(Progress(done = progress.Done)),
                    results => Give(results, job.Step, sink));
            }
            catch (StoppedMidwayException)
            {
                return new(Completed: false, done, null);
            }

            sink.Log(LogSeverity.Info, FormattableString.Invariant(
                $"Examined the checkpoint of step {job.Step} by {TheorySuite.Count} theory probes in {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s."));
            return new(Completed: true, done, null);
        }
    }

    private static TrainingProgress Progress(int done) => new(done, TheorySuite.Count, Epoch: 0, Loss: null, ImagesPerSecond: 0);

    private static ParameterStore ReadParameters(TheoryJob job, int channels)
    {
        using var checkpoint = job.Checkpoint();
        try
        {
            return Checkpoint.ReadParameters(checkpoint, job.Recipe, channels, TrainingDevice.Choose(job.Recipe.Device));
        }
        catch (InvalidDataException problem)
        {
            throw new TrainingFailedException(
                ReasonCode.BadData, $"The checkpoint of step {job.Step} cannot be examined: {problem.Message} Examine another checkpoint of the run.", problem);
        }
    }

    /// <summary>Points before details: a probe counts as done by its details.</summary>
    private static void Give(IReadOnlyList<ProbeResult> results, long step, ITrainingSink sink)
    {
        foreach (var result in results)
        {
            sink.Record(new(result.Probe, step, result.Value));
        }

        sink.SaveEvaluation(new(step, [], results));
    }
}
