using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>From the moment the training thread logs a point to the moment a browser that shows the run has drawn it.</summary>
public static class VisibleBenchmark
{
    /// <summary>The chart's own script with one more line, which notes when which steps were drawn.</summary>
    private const string Append = "append(bytes) {";
    private const string NotingAppend =
        """
        append(bytes) {
          readBlocks(bytes, 2, (_, [x]) => requestAnimationFrame(() => (window.drawn ??= []).push([x[0], x[x.length - 1], Date.now()])));
        """;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var chromium = new Chromium();
        await using var ring = await RunningRing.StartAsync(databases, brokers, cancellationToken);
        await using var browser = await chromium.OpenAsync(await ring.Web.OpenDoorAsync(cancellationToken));
        await browser.ChangeScriptAsync("lineChart", Append, NotingAppend);

        var runId = await ring.SubmitAsync(OneRun(), cancellationToken);
        await browser.GoAsync($"/runs/{runId}");
        var run = await ring.WaitUntilOverAsync(runId, cancellationToken);

        var drawn = await browser.Page.EvaluateAsync<JsonElement>("window.drawn ?? []");
        var metrics = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}/metrics?names={SeriesNames.ElapsedSeconds}&points=10000", cancellationToken);
        Distribution.Print("point logged to point drawn", Delays((DateTimeOffset)run["startedAt"]!, metrics!["series"]![0]!, drawn));
    }

    /// <param name="started">When the training loop began, from which elapsed time counts.</param>
    private static List<double> Delays(DateTimeOffset started, JsonNode elapsed, JsonElement drawn)
    {
        var seconds = elapsed["x"]!.AsArray().Zip(elapsed["last"]!.AsArray()).ToDictionary(pair => (long)(double)pair.First!, pair => (double)pair.Second!);
        var delays = new List<double>();
        foreach (var block in drawn.EnumerateArray())
        {
            for (var step = block[0].GetInt64(); step <= block[1].GetInt64(); step++)
            {
                var logged = started.AddSeconds(seconds[step]);
                delays.Add((DateTimeOffset.FromUnixTimeMilliseconds(block[2].GetInt64()) - logged).TotalMilliseconds);
            }
        }

        return delays;
    }

    /// <summary>Without evaluations and checkpoints on the way, whose time does not count as elapsed.</summary>
    private static object OneRun() => new
    {
        name = "benchmark",
        preset = "nano",
        @base = new
        {
            epochs = 8,
            checkpoints = new { everyEpochs = 0 },
            evaluation = new { linearProbe = false, reconstructions = 0, everyEpochs = 0 },
        },
    };
}
