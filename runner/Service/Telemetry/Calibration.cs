using System.Diagnostics;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;
using MaeLab.Runner.Execution;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Telemetry;

/// <summary>
/// A second of training at start, as long as nothing better is to do: it loads libtorch, which takes its time, before the
/// first run needs it, and gives a first figure for predictions.
/// </summary>
public sealed partial class Calibration(
    TrainingLoop train, TrainingRate rate, SlotBook slots, IOptions<RunnerOptions> options, ILogger<Calibration> logger) : BackgroundService
{
    private static Recipe Recipe { get; } = Presets.Find(Presets.Default)! with
    {
        Dataset = new(Datasets.FashionMnistSample.Name, Limit: 1024),
        Epochs = 2,
        Evaluation = EvaluationPlan.None,
        Checkpoints = new(EveryEpochs: 0, KeepLast: 1),
    };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Calibrate)
        {
            return;
        }

        var sink = new StopWatchSink(slots);
        try
        {
            var job = new TrainingJob(Recipe, Restore: null, options.Value.DataFolders, options.Value.ThreadsOfARun);
            var outcome = await TrainingThread.Start("calibration", () => train(job, sink, stoppingToken));
            if (outcome.Completed)
            {
                rate.LearnFromCalibration(Recipe, sink.Steps, sink.Elapsed);
                LogMeasured(rate.GigaflopsPerSecond ?? 0);
            }
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            // Said now rather than by the first run; the runner stays, since its data folder and reports work.
            LogFailed(error);
        }
    }

    /// <summary>Times the steps after the first, which pays for all that is made on first use.</summary>
    private sealed class StopWatchSink(SlotBook slots) : NoSink
    {
        private long? _firstStep;
        private long _lastStep;
        private long _startedAt;
        private long _endedAt;

        public override StopRequest StopRequested => slots.Held.Count > 0 ? StopRequest.Stop : StopRequest.None;

        public long Steps => _lastStep - (_firstStep ?? 0);

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_startedAt, _endedAt);

        public override void Record(MetricPoint point)
        {
            if (point.Series != SeriesNames.TrainLoss)
            {
                return;
            }

            (_lastStep, _endedAt) = (point.Step, Stopwatch.GetTimestamp());
            if (_firstStep is null)
            {
                (_firstStep, _startedAt) = (point.Step, _endedAt);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "This runner trains at {Gigaflops:F0} GFLOP/s")]
    private partial void LogMeasured(double gigaflops);

    [LoggerMessage(LogLevel.Error, "The calibration run failed, and real runs may fail as well")]
    private partial void LogFailed(Exception error);
}
