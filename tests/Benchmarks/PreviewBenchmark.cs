using System.Diagnostics;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;

namespace MaeLab.Benchmarks;

/// <summary>What the form does on every change: expand the definition, check every run, count its cost.</summary>
public static class PreviewBenchmark
{
    private const int Repetitions = 200;

    private const string Definition = """
        {"name": "usual", "preset": "nano",
         "axes": {"maskRatio": [0.25, 0.5, 0.75, 0.9], "patchSize": [2, 4, 7], "decoder.depth": [1, 2, 4], "seed": [0, 1, 2]}}
        """;

    public static Task RunAsync(CancellationToken cancellationToken)
    {
        var datasets = Datasets.Known.ToDictionary(dataset => dataset.Name);
        var times = new List<double>();
        var runs = 0;
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var began = Stopwatch.GetTimestamp();
            var plan = AblationPlan.Parse(Definition, datasets).Value ?? throw new InvalidOperationException("The definition has an error.");
            var cost = plan.Runs.Sum(run => RecipeCost.Of(run.Recipe, datasets[run.Recipe.Dataset.Name]).TotalTrainFlops);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            runs = cost > 0 ? plan.Runs.Count : 0;
        }

        Distribution.Print($"preview of {runs} runs, first call {times[0]:F0} ms, then", times.Skip(1).ToArray());
        return Task.CompletedTask;
    }
}
