using MaeLab.Domain.Runs;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Training;
using MaeLab.Runner.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Execution;

/// <summary>What an attempt is about, on a thread of its own: training, or the examination of a checkpoint.</summary>
public sealed class AttemptWork(
    ShippingStores stores, TrainingLoop train, TheoryLoop examine, TrainingRate rate, MemoryBook memory, Lazy<RunnerHardware> hardware, IOptions<RunnerOptions> options)
{
    internal Task<TrainingOutcome> RunAsync(AttemptOrder order, RestorePoint restore, ITrainingSink sink, CancellationToken cancellationToken) => order.Kind switch
    {
        RunKind.Training => TrainAsync(order, restore, sink, cancellationToken),
        RunKind.Theory => ExamineAsync(order, restore.Checkpoint, sink, cancellationToken),
        _ => throw new InvalidOperationException($"Unknown kind {order.Kind} of a run: its scheduler is of a newer version than this runner."),
    };

    private async Task<TrainingOutcome> TrainAsync(AttemptOrder order, RestorePoint restore, ITrainingSink sink, CancellationToken cancellationToken)
    {
        using var place = await memory.EnterAsync(order.Recipe, sink, cancellationToken);
        if (place is null)
        {
            return new(Completed: false, order.RestoreStep, WeightsSha256: null);
        }

        var job = new TrainingJob(
            order.Recipe, restore.Checkpoint, options.Value.DataFolders, options.Value.ThreadsOfARun, options.Value.Cache(), hardware.Value.MemoryBytes, restore.Evaluation);
        var began = stores.Time.GetTimestamp();
        var trained = await TrainingThread.Start($"train {order.RunId}", () => train(job, sink, cancellationToken));
        rate.Learn(order.Recipe, trained.Step - order.RestoreStep, stores.Time.GetElapsedTime(began));
        return trained;
    }

    private async Task<TrainingOutcome> ExamineAsync(AttemptOrder order, Func<Stream>? restore, ITrainingSink sink, CancellationToken cancellationToken)
    {
        var checkpoint = restore ?? throw new InvalidOperationException($"Job {order.RunId} names no checkpoint to examine.");
        var known = await stores.Patience.DoAsync("the question for the results of earlier attempts", token => KnownAsync(order, token), _ => false, cancellationToken);
        var job = new TheoryJob(
            order.Recipe, order.RestoreStep, checkpoint, known, options.Value.DataFolders, options.Value.ThreadsOfARun, options.Value.Cache());
        return await TrainingThread.Start($"examine {order.RunId}", () => examine(job, sink, cancellationToken));
    }

    private async Task<HashSet<string>> KnownAsync(AttemptOrder order, CancellationToken cancellationToken)
    {
        await using var db = await stores.Databases.CreateDbContextAsync(cancellationToken);
        return await db.ProbeResults.Where(result => result.RunId == order.RunId).Select(result => result.Probe).ToHashSetAsync(cancellationToken);
    }
}
