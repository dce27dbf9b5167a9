using System.Globalization;
using System.Text.Json;
using MaeLab.Contracts.Facts;
using MaeLab.Domain;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using MassTransit;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// The page of an experiment of 60 runs x 20 series x 10,000 points in Chromium: when it is painted and when its curves are
/// drawn, while another process trains; and then what ten runs that get a point twice a second cost web and the circuit.
/// </summary>
public static class ExperimentBenchmark
{
    private const int Runs = 60;
    private const int Growing = 10;
    private const int Points = 10_000;
    private const int Repetitions = 7;
    private const int Updates = 40;

    /// <summary>The chart's own script with one more line, which notes when all curves were drawn.</summary>
    private const string Load = "load(series, columns, bytes) {";
    private const string NotingLoad = Load + "if (bytes.length > 10_000) requestAnimationFrame(() => requestAnimationFrame(() => { window.drawn ??= performance.now(); }));";

    private static long s_received;

    private static readonly string[] s_names = [SeriesNames.TrainLoss, SeriesNames.Epoch, .. Enumerable.Range(0, 18).Select(i => $"sample/{i}")];

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var database = await databases.CreateDatabaseAsync(cancellationToken);
        await using var broker = await brokers.CreateVirtualHostAsync(cancellationToken);
        var (experiment, runs) = await AddAsync(database, cancellationToken);
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
            await using var browser = await OpenAsync(chromium, door, experiment);
            var times = await browser.Page.EvaluateAsync<double[]>("[performance.getEntriesByName('first-contentful-paint')[0].startTime, window.drawn]");
            if (repetition > 0) // the first one compiles and warms up everything
            {
                painted.Add(times[0]);
                drawn.Add(times[1]);
            }
        }

        Distribution.Print($"first contentful paint of {Runs} runs x {s_names.Length} series, {(training.IsCompleted ? "nothing trains" : "a run trains")}", painted);
        Distribution.Print("curves drawn", drawn);
        await training;

        await LiveAsync(chromium, door, web, database, broker, experiment, runs, cancellationToken);
    }

    private static async Task LiveAsync(
        Chromium chromium, Door door, ServiceProcess web, TestDatabase database, TestVirtualHost broker, Guid experiment, List<Guid> runs, CancellationToken cancellationToken)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(configure => configure.Host(broker.Address));
        await bus.StartAsync(cancellationToken);
        await using var browser = await OpenAsync(chromium, door, experiment, received => Interlocked.Add(ref s_received, received));
        var writers = new List<MetricWriter>();
        foreach (var run in runs.Take(Growing))
        {
            writers.Add(await MetricWriter.OpenAsync(database.Contexts, run, attempt: 2, restoreStep: Points, cancellationToken));
        }

        Interlocked.Exchange(ref s_received, 0);
        var (before, began) = (web.ProcessorTime, DateTimeOffset.UtcNow);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        for (var update = 1; update <= Updates; update++)
        {
            for (var i = 0; i < Growing; i++)
            {
                writers[i].Add([new(SeriesNames.TrainLoss, Points + update, 0.5)]);
                await writers[i].FlushAsync(cancellationToken);
                await bus.Publish(
                    new RunProgressed(runs[i], experiment, 2, update, DateTimeOffset.UtcNow, Points + update, 2 * Points, 1, 0.5, 100), cancellationToken);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        var seconds = (DateTimeOffset.UtcNow - began).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Growing} curves of {Runs} get a point twice a second: {100 * (web.ProcessorTime - before).TotalSeconds / seconds:F1} % of a core in web, {Interlocked.Read(ref s_received) / 1000.0 / seconds:F1} KB/s on the circuit"));
        await bus.StopAsync(cancellationToken);
    }

    private static async Task<BrowserPage> OpenAsync(Chromium chromium, Door door, Guid experiment, Action<int>? received = null)
    {
        var browser = await chromium.OpenAsync(door);
        await browser.Page.RouteAsync(url => url.Contains("lineChart", StringComparison.Ordinal), async route =>
        {
            var script = await (await route.FetchAsync()).TextAsync();
            await route.FulfillAsync(new() { ContentType = "text/javascript", Body = script.Replace(Load, NotingLoad, StringComparison.Ordinal) });
        });
        browser.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => received?.Invoke(frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        await browser.GoAsync($"/experiments/{experiment}?tab=curves");
        await browser.Page.WaitForFunctionAsync("window.drawn !== undefined");
        return browser;
    }

    private static async Task<(Guid Experiment, List<Guid> Runs)> AddAsync(TestDatabase database, CancellationToken cancellationToken)
    {
        var experiment = SampleRuns.Experiment();
        experiment.RunCount = Runs;
        var runs = new List<Guid>();
        await using (var db = database.Open())
        {
            db.Add(experiment);
            for (var index = 0; index < Runs; index++)
            {
                var run = SampleRuns.Run(experiment.Id, index);
                (run.Seed, run.State, run.Attempt) = (index, index < Growing ? RunState.Running : RunState.Completed, 1);
                db.Add(run);
                runs.Add(run.Id);
            }

            await db.SaveChangesAsync(cancellationToken);
        }

        foreach (var (index, run) in runs.Index())
        {
            await database.BeginAttemptAsync(run, 1, restoreStep: 0, cancellationToken);
            var writer = await MetricWriter.OpenAsync(database.Contexts, run, attempt: 1, restoreStep: 0, cancellationToken);
            for (var step = 1; step <= Points; step++)
            {
                writer.Add(s_names.Select(name => new MetricPoint(name, step, (1 + Math.Sin((step + index) * 12.9898)) / (1 + (step * 1e-3)))));
            }

            await writer.FlushAsync(cancellationToken);
            if (index < Growing)
            {
                await database.BeginAttemptAsync(run, 2, restoreStep: Points, cancellationToken);
            }
        }

        return (experiment.Id, runs);
    }
}
