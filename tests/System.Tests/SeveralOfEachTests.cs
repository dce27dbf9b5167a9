using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using Microsoft.Playwright;

namespace MaeLab.System.Tests;

/// <summary>A lab of several machines: two web, two scheduler and four runner processes on one database and one broker.</summary>
public sealed class SeveralOfEachTests(PostgresServer databases, RabbitMqServer brokers, Chromium chromium)
{
    private const int Runs = 8;
    private const float TrainingTime = 4 * 60 * 1000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_spread_over_all_runners_survive_a_scheduler_and_are_watched_at_a_web_they_were_not_submitted_to()
    {
        // A core is shared by two runners, and calibration by four at once would tell them nothing.
        var environment = new Dictionary<string, string> { ["Runner__Threads"] = "1", ["Runner__Calibrate"] = "false" };
        await using var ring = await RunningRing.StartAsync(databases, brokers, new(Webs: 2, Schedulers: 2, Runners: 4), environment, Cancel);
        await using var browser = await chromium.OpenAsync(await ring.Webs[1].OpenDoorAsync(Cancel));
        await browser.GoAsync("/");
        var (first, second) = (await SubmitAsync(ring.Webs[0], ring), await SubmitAsync(ring.Webs[1], ring));
        await browser.GoAsync($"/experiments/{first}");

        await EveryRunnerTrainsAsync(ring);
        await (await ActiveSchedulerAsync(ring)).KillAsync();

        foreach (var experiment in new[] { first, second })
        {
            await browser.GoAsync($"/experiments/{experiment}");
            // No page is loaded again: what the runners do reaches the other web by the bus and the database alone.
            await Assertions.Expect(browser.Page.GetByTestId("experiment-progress")).ToHaveTextAsync("100 %", new() { Timeout = TrainingTime });
            var runs = await CompletedAsync(ring, experiment);
            Assert.Equal(Runs, runs.Count);
            // The death of a scheduler costs no run an attempt.
            Assert.All(runs, run => Assert.Equal(1, (int)run!["attempt"]!));
        }

        Assert.Empty(browser.Problems);
    }

    private static async Task<string> SubmitAsync(ServiceProcess web, RunningRing ring)
    {
        using var http = new HttpClient { BaseAddress = web.Address, DefaultRequestHeaders = { Authorization = ServiceSettings.Authorization } };
        using var answer = await http.PostAsJsonAsync("api/v1/experiments", Definition(web.Address.ToString()), Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel) + ring.Output);
        var id = (string)(await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!["id"]!;
        // Told of one web, known to the other.
        await Eventually.GetAsync("accepted experiment", async () => await RunsAsync(ring, id) is { Count: > 0 } runs ? runs : null, TimeSpan.FromMinutes(2), () => ring.Output);
        return id;
    }

    private static Task<JsonArray> EveryRunnerTrainsAsync(RunningRing ring) => Eventually.GetAsync(
        "run on each of four runners",
        async () =>
        {
            var runs = await RunsAsync(ring, experiment: null);
            return runs.Select(run => (string?)run!["runnerId"]).OfType<string>().Distinct().Count() == ring.Runners.Count ? runs : null;
        },
        TimeSpan.FromMinutes(2),
        () => ring.Output);

    private static Task<JsonArray> CompletedAsync(RunningRing ring, string experiment) => Eventually.GetAsync(
        "experiment of completed runs",
        async () => await RunsAsync(ring, experiment) is var runs && runs.All(run => (string)run!["state"]! == "completed") ? runs : null,
        TimeSpan.FromMinutes(2),
        () => ring.Output);

    private static async Task<JsonArray> RunsAsync(RunningRing ring, string? experiment)
    {
        var answer = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs?limit=100{(experiment is null ? "" : $"&experiment={experiment}")}", Cancel);
        return answer!["items"]!.AsArray();
    }

    private static Task<ServiceProcess> ActiveSchedulerAsync(RunningRing ring) => Eventually.GetAsync(
        "active scheduler",
        async () =>
        {
            foreach (var scheduler in ring.Schedulers)
            {
                if ((await ring.Http.GetStringAsync(new Uri(scheduler.Address, "readyz"), Cancel)).Contains("Active: places runs", StringComparison.Ordinal))
                {
                    return scheduler;
                }
            }

            return null;
        },
        TimeSpan.FromMinutes(1),
        () => ring.Output);

    private static object Definition(string name) => new
    {
        name,
        preset = "nano",
        @base = new { dataset = new { name = "fashion-mnist-sample", limit = TwoByTwo.Images }, batchSize = TwoByTwo.BatchSize, epochs = 4 },
        axes = new { maskRatio = new[] { 0.5, 0.75 }, seed = new[] { 0, 1, 2, 3 } },
    };
}
