using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;
using MaeLab.Engine.Training;

namespace MaeLab.Engine.Tests.Training;

/// <summary>Keeps what a run tells, and can ask it to stop.</summary>
internal sealed class RecordingSink : ITrainingSink
{
    /// <summary>Asked for once this many steps are done.</summary>
    public long? StopAtStep { get; init; }

    /// <summary>Asked for from this question on, counted from 1: a step asks before every forward and every backward pass.</summary>
    public long? StopAtQuestion { get; init; }

    /// <summary>Asked for once so many states of evaluations are saved.</summary>
    public int? StopAtState { get; init; }

    /// <summary>So many checkpoints find no room at first.</summary>
    public int CheckpointsWithoutRoom { get; init; }

    public int SaveAttempts { get; private set; }

    public StopRequest Stop { get; init; } = StopRequest.SaveAndStop;

    /// <summary>Called on the training thread after every step.</summary>
    public Action? OnStep { get; init; }

    public List<MetricPoint> Points { get; } = [];

    public List<TrainingProgress> Reports { get; } = [];

    public List<(long Step, double Epoch, bool Final, byte[] Content)> Checkpoints { get; } = [];

    public List<(long Step, int Number, byte[] Content)> States { get; } = [];

    public List<EvaluationResult> Evaluations { get; } = [];

    public List<(LogSeverity Severity, string Text)> Lines { get; } = [];

    public StopRequest StopRequested => ++Questions >= StopAtQuestion || LastStep >= StopAtStep || States.Count >= StopAtState ? Stop : StopRequest.None;

    public long Questions { get; private set; }

    private long LastStep { get; set; }

    public IReadOnlyList<double> Values(string series) => [.. Points.Where(point => point.Series == series).Select(point => point.Value)];

    public void Record(MetricPoint point)
    {
        if (point.Step != LastStep)
        {
            OnStep?.Invoke();
        }

        Points.Add(point);
        LastStep = point.Step;
    }

    public void Report(TrainingProgress progress) => Reports.Add(progress);

    public bool SaveCheckpoint(long step, double epoch, bool final, Action<Stream> write)
    {
        if (++SaveAttempts <= CheckpointsWithoutRoom)
        {
            return false;
        }

        using var stream = new MemoryStream();
        write(stream);
        Checkpoints.Add((step, epoch, final, stream.ToArray()));
        return true;
    }

    public bool SaveEvaluationState(long step, int number, Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        States.Add((step, number, stream.ToArray()));
        return true;
    }

    public void SaveEvaluation(EvaluationResult result) => Evaluations.Add(result);

    public void Log(LogSeverity severity, string text) => Lines.Add((severity, text));
}
