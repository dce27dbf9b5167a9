using MaeLab.Domain.Metrics;
using MaeLab.Engine.Evaluation;

namespace MaeLab.Engine.Training;

/// <summary>Trains for nobody; for benchmarks and tests.</summary>
public class NoSink : ITrainingSink
{
    public virtual StopRequest StopRequested => StopRequest.None;

    public virtual void Record(MetricPoint point)
    {
    }

    public virtual void Report(TrainingProgress progress)
    {
    }

    public virtual bool SaveCheckpoint(long step, double epoch, bool final, Action<Stream> write)
    {
        write(Stream.Null);
        return true;
    }

    public virtual bool SaveEvaluationState(long step, int number, Action<Stream> write)
    {
        write(Stream.Null);
        return true;
    }

    public virtual void SaveEvaluation(EvaluationResult result)
    {
    }

    public virtual void Log(LogSeverity severity, string text)
    {
    }
}
