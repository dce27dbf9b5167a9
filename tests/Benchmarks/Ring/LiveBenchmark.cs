using System.Globalization;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using MassTransit;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// Ten runs of an experiment get a point twice a second: what that costs web and the circuit of one browser, and how long a
/// point takes into each of 50 browsers that show its curves; what other axes and means cost one of them. Only the first of them draws what comes: fifty people have fifty machines
/// for that, and all of it on this one would measure Chromium.
/// </summary>
public static class LiveBenchmark
{
    private const int Updates = 60;

    /// <summary>Compile and warm up everything.</summary>
    private const int UpdatesBefore = 40;

    /// <summary>The chart's own script with one more line, which notes when points came.</summary>
    private const string Append = "append(bytes) {";
    private const string NotingAppend = Append + "(window.appended ??= []).push(Date.now());";
    private const string NotingOnly = NotingAppend + "return;";

    private static long s_received;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        foreach (var (browsers, view) in new[] { (1, ""), (1, "&x=progress%2Fepoch"), (1, "&x=sample%2F0"), (1, "&group=cell"), (50, "") })
        {
            await using var database = await databases.CreateDatabaseAsync(cancellationToken);
            await using var broker = await brokers.CreateVirtualHostAsync(cancellationToken);
            var experiment = await CurvesExperiment.AddAsync(database, cancellationToken);
            await using var web = ServiceProcess.Start(Programs.Web, FreePorts.Find(1), ServiceSettings.Of(database.Options.ConnectionString, broker.Address, ""));
            using var http = new HttpClient();
            await web.WaitUntilReadyAsync(http, cancellationToken);
            var door = await web.OpenDoorAsync(cancellationToken);
            await using var chromium = new Chromium();
            var open = new List<BrowserPage>();
            for (var number = 0; number < browsers; number++)
            {
                open.Add(await OpenAsync(chromium, door, experiment.Id, view, number == 0 ? NotingAppend : NotingOnly));
            }

            await MeasureAsync(open, view, web, database, broker, experiment, cancellationToken);
            foreach (var browser in open)
            {
                await browser.DisposeAsync();
            }
        }
    }

    private static async Task MeasureAsync(
        List<BrowserPage> browsers, string view, ServiceProcess web, TestDatabase database, TestVirtualHost broker, CurvesExperiment experiment, CancellationToken cancellationToken)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(configure => configure.Host(broker.Address));
        await bus.StartAsync(cancellationToken);
        var writers = new List<MetricWriter>();
        foreach (var run in experiment.Runs.Take(CurvesExperiment.Growing))
        {
            writers.Add(await MetricWriter.OpenAsync(database.Contexts, run, attempt: 2, restoreStep: CurvesExperiment.Points, cancellationToken));
        }

        var sent = new List<long>();
        var (before, began) = (web.ProcessorTime, DateTimeOffset.UtcNow);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(0.5));
        for (var update = 1; update <= UpdatesBefore + Updates; update++)
        {
            if (update == UpdatesBefore)
            {
                Interlocked.Exchange(ref s_received, 0);
                (before, began) = (web.ProcessorTime, DateTimeOffset.UtcNow);
                sent.Clear();
            }

            sent.Add(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            foreach (var (writer, run) in writers.Zip(experiment.Runs))
            {
                var step = CurvesExperiment.Points + update;
                writer.Add([new(SeriesNames.TrainLoss, step, 0.5), new(SeriesNames.Epoch, step, step / CurvesExperiment.StepsPerEpoch), new(CurvesExperiment.Names[2], step, 0.5)]);
                await writer.FlushAsync(cancellationToken);
                await bus.Publish(
                    new RunProgressed(run, experiment.Id, 2, update, DateTimeOffset.UtcNow, CurvesExperiment.Points + update, 2 * CurvesExperiment.Points, 1, 0.5, 100),
                    cancellationToken);
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        var seconds = (DateTimeOffset.UtcNow - began).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{CurvesExperiment.Growing} curves{view} get a point twice a second, {browsers.Count} browsers: {100 * (web.ProcessorTime - before).TotalSeconds / seconds:F1} % of a core in web, {Interlocked.Read(ref s_received) / 1000.0 / seconds / browsers.Count:F1} KB/s on each circuit"));
        await bus.StopAsync(cancellationToken);
        if (view.Length > 0)
        {
            return; // how late points are is measured against the step
        }

        var late = new List<double>();
        foreach (var browser in browsers)
        {
            var appended = await browser.Page.EvaluateAsync<long[]>("window.appended ?? []");
            late.AddRange(sent.SkipLast(4).Select(at => (double)(appended.FirstOrDefault(came => came > at, long.MaxValue) - at)));
        }

        Distribution.Print($"from the writing of ten points to the next that a browser is given, {browsers.Count} browsers", late);
    }

    private static async Task<BrowserPage> OpenAsync(Chromium chromium, Door door, Guid experiment, string view, string append)
    {
        var browser = await chromium.OpenAsync(door);
        await browser.ChangeScriptAsync("lineChart", Append, append);
        browser.Page.WebSocket += (_, socket) => socket.FrameReceived += (_, frame) => Interlocked.Add(ref s_received, frame.Binary?.Length ?? frame.Text?.Length ?? 0);
        await browser.GoAsync($"/experiments/{experiment}?tab=curves{view}");
        await browser.Page.WaitForSelectorAsync(".line-chart canvas, canvas");
        return browser;
    }
}
