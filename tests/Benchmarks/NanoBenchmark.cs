using System.Diagnostics;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Training;

namespace MaeLab.Benchmarks;

/// <summary>The preset nano through the whole training loop: loader, steps, metrics; without the evaluation at the end.</summary>
public static class NanoBenchmark
{
    private const int Epochs = 5;
    private const int Repetitions = 3;

    public static Task RunAsync(CancellationToken cancellationToken)
    {
        var recipe = Presets.Find("nano")! with { Epochs = Epochs, Evaluation = EvaluationPlan.None };
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var clock = new StepClock();
            Trainer.Run(new TrainingJob(recipe, Restore: null, new Dictionary<string, string>(), Threads: 0), clock, cancellationToken);
            Console.WriteLine(FormattableString.Invariant(
                $"nano on 8,000 images: {clock.ImagesPerSecond(recipe.EffectiveBatch()):F0} images/s over {clock.Steps} steps, waiting for data {clock.DataWait:P1}"));
        }

        return Task.CompletedTask;
    }

    /// <summary>Times the steps from the end of the first one, which pays for libtorch's first allocations.</summary>
    private sealed class StepClock : NoSink
    {
        private long _first;
        private long _last;

        public int Steps { get; private set; }

        public double DataWait { get; private set; }

        public double ImagesPerSecond(int batch) => batch * (Steps - 1) / Stopwatch.GetElapsedTime(_first, _last).TotalSeconds;

        public override void Record(MetricPoint point)
        {
            if (point.Series == SeriesNames.TrainLoss)
            {
                Steps++;
                _last = Stopwatch.GetTimestamp();
                _first = Steps == 1 ? _last : _first;
            }
            else if (point.Series == SeriesNames.DataWait)
            {
                DataWait = point.Value;
            }
        }
    }
}
