using MaeLab.Contracts.Facts;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Training;
using MaeLab.Runner.Execution;

namespace MaeLab.Runner.Telemetry;

/// <summary>The training loop's view of the service. Called on the training thread: everything goes into a queue or a file.</summary>
internal sealed class ShippingSink(AttemptOrder order, ShippingQueue queue, Action wakeShipper, FactOutbox outbox, string folder, TimeProvider time) : ITrainingSink
{
    private static readonly TimeSpan s_betweenProgress = TimeSpan.FromMilliseconds(500);

    private volatile StopRequest _stop;
    private TrainingProgress? _unsaid;
    private long? _saidAt;
    private long _sequence;

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
            outbox.Post(new RunStarted(order.RunId, order.ExperimentId, order.Attempt, order.RunnerId, time.GetUtcNow(), progress.TotalSteps));
        }

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

    public void SaveCheckpoint(long step, double epoch, bool final, Action<Stream> write)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow());
        var path = Path.Combine(folder, $"{id:n}.safetensors");
        try
        {
            using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                write(file);
            }
        }
        catch (IOException error) when (!final)
        {
            // A full disk costs this checkpoint, not the run.
            Log(LogSeverity.Warning, $"The checkpoint at step {step} could not be written to {folder}: {error.Message}");
            File.Delete(path);
            return;
        }

        queue.Add(new CheckpointItem(id, step, epoch, final, path));
        wakeShipper();
    }

    public void SaveEvaluation(EvaluationResult result)
    {
        queue.Add(new EvaluationItem(result));
        wakeShipper();
    }

    public void Log(LogSeverity severity, string text) => queue.Add(new Storage.Model.RunLogRow
    {
        RunId = order.RunId,
        Attempt = order.Attempt,
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
}
