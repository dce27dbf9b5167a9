using MaeLab.Domain.Metrics;

namespace MaeLab.Engine.Training;

/// <summary>
/// All that the training loop knows of the world. Called on the training thread; no call may block on a network.
/// <see cref="NoSink"/> is its do-nothing twin.
/// </summary>
public interface ITrainingSink
{
    /// <summary>Steps and evaluations ask between their batches. A stopped run saves a checkpoint first when told so.</summary>
    StopRequest StopRequested { get; }

    void Record(MetricPoint point);

    void Report(TrainingProgress progress);

    /// <summary>Called at a step boundary; <paramref name="write"/> is called before this returns, with a stream to fill.</summary>
    /// <returns>False where it could not be kept: there is no checkpoint of this step.</returns>
    bool SaveCheckpoint(long step, double epoch, bool final, Action<Stream> write);

    /// <summary>
    /// Called between two epochs of an evaluation that is a training itself, as <see cref="SaveCheckpoint"/> is. It stands in for the state
    /// before it, and is of no use once the run has completed.
    /// </summary>
    /// <param name="step">The run's last step.</param>
    /// <param name="number">Rises with every state of the run's evaluations.</param>
    /// <returns>False where it could not be kept.</returns>
    bool SaveEvaluationState(long step, int number, Action<Stream> write);

    void SaveEvaluation(Evaluation.EvaluationResult result);

    void Log(LogSeverity severity, string text);
}

public enum StopRequest
{
    None,

    /// <summary>Save a checkpoint and leave.</summary>
    SaveAndStop,

    /// <summary>Leave at once.</summary>
    Stop,
}

public enum LogSeverity
{
    Info,
    Warning,
    Error,
}

/// <param name="Loss">Mean training loss since the last report; null before the first step.</param>
public sealed record TrainingProgress(long Step, long TotalSteps, double Epoch, double? Loss, double ImagesPerSecond);
