using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// From the moment a client sends an experiment to the first step of its run, as the runner noted it: three processes, real broker,
/// real database, the runner idle before each submission.
/// </summary>
public static class SubmitBenchmark
{
    private const int Repetitions = 15;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var ring = await RunningRing.StartAsync(databases, brokers, cancellationToken);
        var times = new List<double>();
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            var sent = DateTimeOffset.UtcNow;
            using var answer = await ring.Http.PostAsJsonAsync("api/v1/experiments", OneShortRun(repetition), cancellationToken);
            answer.EnsureSuccessStatusCode();
            var runId = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken))!["runIds"]![0]!;
            var run = await WaitUntilOverAsync(ring, runId, cancellationToken);
            if (repetition > 0) // the first one compiles and warms up everything
            {
                times.Add(((DateTimeOffset)run["startedAt"]! - sent).TotalMilliseconds);
            }
        }

        Distribution.Print("submission to first training step", times);
    }

    private static Task<JsonObject> WaitUntilOverAsync(RunningRing ring, string runId, CancellationToken cancellationToken) => Eventually.GetAsync(
        "completed run",
        async () =>
        {
            var run = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}", cancellationToken);
            return (string)run!["state"]! == "completed" ? run : null;
        },
        s_patience,
        () => ring.Output);

    private static object OneShortRun(int seed) => new
    {
        name = "benchmark",
        preset = "nano",
        @base = new
        {
            dataset = new { name = "fashion-mnist-sample", limit = 512 },
            epochs = 2,
            seed,
            evaluation = new { linearProbe = false, reconstructions = 0, everyEpochs = 0 },
        },
    };
}
