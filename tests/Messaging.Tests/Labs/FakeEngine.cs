using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MaeLab.Domain.Metrics;
using MaeLab.Engine.Training;

namespace MaeLab.Messaging.Tests.Labs;

/// <summary>
/// Stands in for the engine: twenty quick steps with a point and a report each, a checkpoint every five. It can be held
/// at a step, until released or told to stop, and made to fail.
/// </summary>
internal sealed class FakeEngine
{
    public const long Steps = 20;

    public const int CheckpointEvery = 5;

    private readonly ConcurrentQueue<TrainingJob> _jobs = [];
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();

    /// <summary>Stay before this step until released.</summary>
    public long? HoldBefore { get; init; }

    /// <summary>A held loop does not even listen when it is told to stop, as one whose process hangs.</summary>
    public bool Deaf { get; init; }

    /// <summary>Called before every step with attempts begun so far and step; throws to make the run fail.</summary>
    public Action<int, long> BeforeStep { get; init; } = (_, _) => { };

    /// <summary>After the last step it makes evaluations that leave this state, and may be held once more; given it back, it has made them.</summary>
    public string? EvaluationState { get; init; }

    /// <summary>What it does with jobs.</summary>
    public FakeExaminer Examiner { get; init; } = new();

    public IReadOnlyCollection<TrainingJob> Jobs => _jobs;

    /// <summary>Completes once a loop is held.</summary>
    public Task Holding => _holding.Task;

    public void Release() => _released.Set();

    public TrainingOutcome Run(TrainingJob job, ITrainingSink sink, CancellationToken cancellationToken)
    {
        _jobs.Enqueue(job);
        var attempts = _jobs.Count;
        var step = Restore(job);
        sink.Report(new(step, Steps, step, null, 0));
        while (step < Steps)
        {
            Hold(step + 1, sink, cancellationToken);
            if (!Deaf && sink.StopRequested != StopRequest.None)
            {
                if (sink.StopRequested == StopRequest.SaveAndStop)
                {
                    Save(sink, step, final: false);
                }

                return new(Completed: false, step, null);
            }

            BeforeStep(attempts, step + 1);
            step++;
            sink.Record(new MetricPoint(SeriesNames.TrainLoss, step, 1.0 / step));
            sink.Report(new(step, Steps, step, 1.0 / step, 100));
            if (step % CheckpointEvery == 0 && step < Steps)
            {
                Save(sink, step, final: false);
            }
        }

        sink.Log(LogSeverity.Info, "All steps done.");
        if (EvaluationState is { } state)
        {
            if (job.RestoreEvaluation is { } open)
            {
                using var reader = new StreamReader(open());
                Assert.Equal(state, reader.ReadToEnd());
                return new(Completed: true, step, new string('a', 64));
            }

            Save(sink, step, final: true);
            sink.SaveEvaluationState(step, 1, stream => stream.Write(Encoding.UTF8.GetBytes(state)));
            Hold(step + 1, sink, cancellationToken);
            return new(Completed: sink.StopRequested == StopRequest.None, step, new string('a', 64));
        }

        Save(sink, step, final: true);
        return new(Completed: true, step, new string('a', 64));
    }

    private static long Restore(TrainingJob job)
    {
        if (job.Restore is not { } open)
        {
            return 0;
        }

        using var reader = new StreamReader(open());
        return long.Parse(reader.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    private static void Save(ITrainingSink sink, long step, bool final) => sink.SaveCheckpoint(step, step, final, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(step.ToString(CultureInfo.InvariantCulture));
    });

    private void Hold(long step, ITrainingSink sink, CancellationToken cancellationToken)
    {
        if (step != HoldBefore)
        {
            return;
        }

        _holding.TrySetResult();
        while (!_released.Wait(TimeSpan.FromMilliseconds(5), CancellationToken.None))
        {
            if (!Deaf && (sink.StopRequested != StopRequest.None || cancellationToken.IsCancellationRequested))
            {
                return;
            }
        }
    }
}
