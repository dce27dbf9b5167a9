using MaeLab.Contracts.Facts;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Training;
using MaeLab.Hosting.Telemetry;
using MaeLab.Runner.Execution;
using MaeLab.Runner.Machine;
using MaeLab.Runner.Spooling;
using MaeLab.Storage.Model;

namespace MaeLab.Runner.Telemetry;

/// <summary>The training loop's view of the service. Called on the training thread: everything goes into a queue or a file.</summary>
/// <param name="resources">The newest sample of what the process takes of the machine.</param>
internal sealed class ShippingSink(
    AttemptOrder order, ShippingQueue queue, WaitingCheckpoints waiting, Action wake, FactOutbox outbox, Func<ResourceUse?> resources, string folder, TimeProvider time) : ITrainingSink
{
    private static readonly TimeSpan s_betweenProgress = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_untilDiskIsAskedAgain = TimeSpan.FromSeconds(1);

    // What was sampled before this attempt is not of it, and the steps of a series rise.
    private ResourceUse? _recorded = resources();
    private long _recordedAt = order.RestoreStep;

    private volatile StopRequest _stop;
    private TrainingProgress? _unsaid;
    private long? _saidAt;
    private long _sequence;
    private long _lines;

    public StopRequest StopRequested => _stop;

    /// <summary>A harder stop overrules a softer one, never the other way round.</summary>
    public void RequestStop(StopRequest stop)
    {
        if (stop > _stop)
        {
            _stop = stop;
        }
    }

    public void Record(MetricPoint point) => queue.Add(point);

    public void Report(TrainingProgress progress)
    {
        if (_saidAt is null)
        {
            using var step = RunTrace.Start("first step", order.ExperimentId, order.RunId, order.Attempt);
            outbox.Post(new RunStarted(order.RunId, order.ExperimentId, order.Attempt, order.RunnerId, time.GetUtcNow(), progress.TotalSteps));
        }

        RecordResources(progress.Step);
        _unsaid = progress;
        if (_saidAt is null || time.GetElapsedTime(_saidAt.Value) >= s_betweenProgress)
        {
            SayProgress();
        }
    }

    /// <summary>Says the newest progress if it was held back; called after the loop has ended, too.</summary>
    public void SayProgress()
    {
        if (_unsaid is not { } progress)
        {
            return;
        }

        // JSON has no word for a loss that is not a number; the series keeps it.
        var loss = progress.Loss is { } value && double.IsFinite(value) ? progress.Loss : null;
        outbox.Post(new RunProgressed(
            order.RunId, order.ExperimentId, order.Attempt, ++_sequence, time.GetUtcNow(),
            progress.Step, progress.TotalSteps, progress.Epoch, loss, progress.ImagesPerSecond));
        _unsaid = null;
        _saidAt = time.GetTimestamp();
    }

    public bool SaveCheckpoint(long step, double epoch, bool final, Action<Stream> write)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var path = Path.Combine(folder, $"{id:n}.safetensors");
        for (var tries = 1; TryWrite(path, write) is { } problem; tries++)
        {
            // A full disk costs a checkpoint on the way, not the run. The last one is the run: it waits for room.
            if (!final || _stop == StopRequest.Stop)
            {
                Log(LogSeverity.Warning, $"The checkpoint at step {step} could not be written to {folder}: {problem}");
                return false;
            }

            if (tries == 1)
            {
                Log(LogSeverity.Warning, $"The final checkpoint could not be written to {folder} and waits until it can: {problem}");
            }

            Thread.Sleep(s_untilDiskIsAskedAgain);
        }

        Hand(new CheckpointItem(id, step, epoch, final, Path.GetFileName(path)));
        return true;
    }

    public bool SaveEvaluationState(long step, int number, Action<Stream> write)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var path = Path.Combine(folder, $"{id:n}.safetensors");
        if (TryWrite(path, write) is { } problem)
        {
            Log(LogSeverity.Warning, $"The state of the evaluations could not be written to {folder}: {problem}");
            return false;
        }

        Hand(new CheckpointItem(id, step, number, Final: false, Path.GetFileName(path), CheckpointKind.Evaluation));
        return true;
    }

    public void SaveEvaluation(EvaluationResult result)
    {
        var (step, now) = (result.Step, time.GetUtcNow());
        var item = new EvaluationItem(
            step,
            [.. result.Images.Select(image => new ImageRow
            {
                Id = Guid.CreateVersion7(now), RunId = order.RunId, Attempt = order.Attempt, Step = step, CreatedAt = now,
                Kind = image.Kind, GalleryIndex = image.GalleryIndex, Width = image.Width, Height = image.Height, Png = image.Png,
            })],
            [.. result.Probes.Select(probe => new ProbeResultRow
            {
                Id = Guid.CreateVersion7(now), RunId = order.RunId, Attempt = order.Attempt, Step = step, CreatedAt = now,
                Probe = probe.Probe, Value = probe.Value, Details = probe.Details,
            })]);
        waiting.Evaluated(item);
        queue.Add(item);
        wake();
    }

    public void Log(LogSeverity severity, string text) => queue.Add(new RunLogRow
    {
        RunId = order.RunId,
        Attempt = order.Attempt,
        Sequence = Interlocked.Increment(ref _lines),
        At = time.GetUtcNow(),
        Level = severity switch
        {
            LogSeverity.Info => "info",
            LogSeverity.Warning => "warning",
            LogSeverity.Error => "error",
            _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "Unknown severity."),
        },
        Text = text,
    });

    /// <summary>Its file is written.</summary>
    private void Hand(CheckpointItem item)
    {
        foreach (var dropped in waiting.Add(item))
        {
            Instruments.DroppedCheckpoints.Add(1);
            Log(LogSeverity.Warning, $"The checkpoint at step {dropped.Step} was dropped before it was stored, as {waiting.Dropped} of this attempt by now: those that wait for the database may take no more ({RunnerOptions.Section}:{nameof(RunnerOptions.WaitingCheckpointBytes)}).");
        }

        queue.Add(item);
        wake();
    }

    /// <summary>By the training thread, so that the points have one writer and their steps are those of the others.</summary>
    private void RecordResources(long step)
    {
        if (resources() is not { } use || ReferenceEquals(use, _recorded) || step <= _recordedAt)
        {
            return;
        }

        (_recorded, _recordedAt) = (use, step);
        Record(new(SeriesNames.CpuCores, step, use.CpuCores));
        Record(new(SeriesNames.Memory, step, use.MemoryBytes / 1e6));
        if (use.Gpu is { } gpu)
        {
            Record(new(SeriesNames.GpuUtilisation, step, gpu.Utilisation));
            Record(new(SeriesNames.GpuMemory, step, gpu.MemoryBytes / 1e6));
        }
    }

    /// <summary>Under its name only once whole: a killed process leaves nothing that looks like a checkpoint.</summary>
    /// <returns>Null, or what is wrong with the disk.</returns>
    private static string? TryWrite(string path, Action<Stream> write)
    {
        var part = path + ".part";
        try
        {
            using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(file);
            }

            File.Move(part, path);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(part))
            {
                File.Delete(part);
            }

            return error.Message;
        }
    }
}
