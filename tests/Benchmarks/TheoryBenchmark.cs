using System.Diagnostics;
using MaeLab.Domain.Recipes;
using MaeLab.Engine.Data;
using MaeLab.Engine.Model;
using MaeLab.Engine.Probes;
using MaeLab.Engine.Training;
using static TorchSharp.torch;

namespace MaeLab.Benchmarks;

/// <summary>The theory probes of a model with its first weights, which take as long as those of a trained one, beside the training that they go with.</summary>
public static class TheoryBenchmark
{
    private const int Repetitions = 5;
    private const int Epochs = 3;

    public static Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var preset in new[] { "nano", "micro", "tiny" })
        {
            var recipe = Presets.Find(preset)!;
            var probes = Enumerable.Range(0, Repetitions + 1).Select(_ => Measure(recipe, cancellationToken)).Skip(1).ToList(); // the first one compiles and warms up everything
            foreach (var name in probes[0].Keys)
            {
                Distribution.Print($"{preset}: {name}", [.. probes.Select(times => times[name])]);
            }

            Distribution.Print($"{preset}: all theory probes", [.. probes.Select(times => times.Values.Sum())]);
        }

        var nano = Presets.Find("nano")! with { Epochs = Epochs, Evaluation = EvaluationPlan.None };
        var began = Stopwatch.GetTimestamp();
        Trainer.Run(new TrainingJob(nano, Restore: null, new Dictionary<string, string>(), Threads: 0), new NoSink(), cancellationToken);
        Console.WriteLine(FormattableString.Invariant($"nano: training, an epoch of 8,000 images {Stopwatch.GetElapsedTime(began).TotalMilliseconds / Epochs:F0} ms"));
        return Task.CompletedTask;
    }

    /// <returns>Milliseconds of each probe of the suite.</returns>
    private static Dictionary<string, double> Measure(Recipe recipe, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        var dataset = new DatasetLocator(new Dictionary<string, string>()).Open(recipe.Dataset.Name, recipe.Dataset.Limit);
        var shape = MaeShape.Of(recipe, dataset.Channels);
        var parameters = new ParameterStore(MaeParameters.Of(shape), CPU, parameter => Initialization.Values(parameter, shape, recipe.Seed));
        var times = new Dictionary<string, double>();
        var (current, began) = ((string?)null, 0L);
        TheorySuite.Run(recipe, dataset, parameters, progress =>
        {
            if (current is not null)
            {
                times[current] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }

            (current, began) = (progress.Current, Stopwatch.GetTimestamp());
        }, cancellationToken);
        return times;
    }
}
