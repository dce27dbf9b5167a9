using System.Text.Json;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// The page of an experiment of 60 runs x 20 series x 10,000 points in Chromium: when it is painted and when its curves are
/// drawn, while another process trains.
/// </summary>
public static class ExperimentBenchmark
{
    private const int Repetitions = 7;

    /// <summary>The chart's own script with one more line, which notes when all curves were drawn.</summary>
    private const string Load = "load(series, columns, bytes) {";
    private const string NotingLoad = Load + "if (bytes.length > 10_000) requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn ??= performance.now(); }));";

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var database = await databases.CreateDatabaseAsync(cancellationToken);
        await using var broker = await brokers.CreateVirtualHostAsync(cancellationToken);
        var experiment = await CurvesExperiment.AddAsync(database, cancellationToken);
        await using var web = ServiceProcess.Start(Programs.Web, FreePorts.Find(1), ServiceSettings.Of(database.Options.ConnectionString, broker.Address, ""));
        using var http = new HttpClient();
        await web.WaitUntilReadyAsync(http, cancellationToken);
        var door = await web.OpenDoorAsync(cancellationToken);
        await using var chromium = new Chromium();

        using var trained = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var training = TrainingProcess.PeakMemoryAsync(JsonSerializer.Serialize(Presets.Find("nano")! with { Epochs = 15 }, JsonDefaults.Options), trained.Token);
        var (painted, drawn) = (new List<double>(), new List<double>());
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            await using var browser = await OpenAsync(chromium, door, experiment.Id);
            var times = await browser.Page.EvaluateAsync<double[]>("[performance.getEntriesByName('first-contentful-paint')[0].startTime, window.drawn]");
            if (repetition > 0) // the first one compiles and warms up everything
            {
                painted.Add(times[0]);
                drawn.Add(times[1]);
            }
        }

        Distribution.Print($"first contentful paint of {experiment.Runs.Count} runs x {CurvesExperiment.Names.Count} series, {(training.IsCompleted ? "nothing trains" : "a run trains")}", painted);
        Distribution.Print("curves drawn", drawn);
        await training;
    }

    private static async Task<BrowserPage> OpenAsync(Chromium chromium, Door door, Guid experiment)
    {
        var browser = await chromium.OpenAsync(door);
        await browser.ChangeScriptAsync("lineChart", Load, NotingLoad);
        await browser.GoAsync($"/experiments/{experiment}?tab=curves");
        await browser.Page.WaitForFunctionAsync("window.drawn !== undefined");
        return browser;
    }
}
