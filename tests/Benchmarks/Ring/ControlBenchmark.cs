using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// From the request to pause, to resume or to cancel a run that is being trained to the moment the API says that it is so: three
/// processes, real broker, real database. A training loop answers at its next step boundary, so the time of a step is printed too.
/// </summary>
public static class ControlBenchmark
{
    private const int Repetitions = 15;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var ring = await RunningRing.StartAsync(databases, brokers, cancellationToken);
        var runId = await ring.SubmitAsync(OneLongRun(), cancellationToken);
        var (pauses, resumes) = (new List<double>(), new List<double>());
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            await TrainsAsync(ring, runId, cancellationToken);
            var paused = await AskAsync(ring, runId, "pause", "paused", cancellationToken);
            var resumed = await AskAsync(ring, runId, "resume", "running", cancellationToken);
            if (repetition > 0) // the first one compiles and warms up everything
            {
                pauses.Add(paused);
                resumes.Add(resumed);
            }
        }

        await TrainsAsync(ring, runId, cancellationToken);
        var cancelled = await AskAsync(ring, runId, "cancel", "cancelled", cancellationToken);
        Distribution.Print("pause asked to paused, its checkpoint stored", pauses);
        Distribution.Print("resume asked to running again", resumes);
        Distribution.Print("cancel asked to cancelled", [cancelled]);
        Distribution.Print("one step", await StepsAsync(ring, runId, cancellationToken));
    }

    /// <summary>Returns once the run has got further.</summary>
    private static async Task TrainsAsync(RunningRing ring, string runId, CancellationToken cancellationToken)
    {
        var before = (long?)null;
        await Eventually.GetAsync("progress of the run", async () =>
        {
            var run = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}", cancellationToken);
            var step = (long)run!["step"]!;
            before ??= step;
            return (string)run["state"]! == "running" && step > before ? run : null;
        }, details: () => ring.Output);
    }

    private static async Task<double> AskAsync(RunningRing ring, string runId, string action, string state, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var answer = await ring.Http.PostAsync(new Uri($"api/v1/runs/{runId}/{action}", UriKind.Relative), content: null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await Eventually.GetAsync($"run that is {state}", async () =>
        {
            var run = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}", cancellationToken);
            return (string)run!["state"]! == state ? run : null;
        }, details: () => ring.Output);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static async Task<List<double>> StepsAsync(RunningRing ring, string runId, CancellationToken cancellationToken)
    {
        var metrics = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}/metrics?names={SeriesNames.ElapsedSeconds}&points=10000", cancellationToken);
        var seconds = metrics!["series"]![0]!["last"]!.AsArray().Select(value => (double)value!).ToList();
        return [.. seconds.Zip(seconds.Skip(1), (from, to) => 1000 * (to - from))];
    }

    private static object OneLongRun() => new
    {
        name = "benchmark",
        preset = "nano",
        @base = new
        {
            epochs = 500,
            checkpoints = new { everyEpochs = 0 },
            evaluation = new { linearProbe = false, reconstructions = 0, everyEpochs = 0 },
        },
    };
}
