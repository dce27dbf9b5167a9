using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Storage.Runs;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using MassTransit;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// One scheduler process, one database and one broker under fleets of simulated runners (see <see cref="SimulatedRunner"/>), each of
/// which trains a run of 20 s after another: what a runner costs the rest of the ring, and how long its slot stays empty.
/// </summary>
public static class FleetBenchmark
{
    private static readonly int[] s_sizes = [10, 50, 200];
    private static readonly TimeSpan s_training = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        foreach (var size in s_sizes)
        {
            await using var ring = await RunningRing.StartAsync(
                databases, brokers, new(Webs: 1, Schedulers: 1, Runners: 0), new Dictionary<string, string>(), cancellationToken);
            await ring.SubmitAsync(Definition(), cancellationToken);
            await MeasureAsync(ring, size, cancellationToken);
        }
    }

    private static async Task MeasureAsync(RunningRing ring, int size, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var times = new FleetTimes();
        var results = new RunResultStore(ring.Contexts);
        var runners = new List<SimulatedRunner>();
        var bus = Bus.Factory.CreateUsingRabbitMq(transport =>
        {
            transport.Host(ring.Broker);
            transport.ConfigureJsonSerializerOptions(json =>
            {
                json.Converters.Add(new JsonStringEnumConverter());
                return json;
            });
        });
        await bus.StartAsync(cancellationToken);
        try
        {
            for (var number = 0; number < size; number++)
            {
                var runner = new SimulatedRunner(bus, results, s_training, times);
                runners.Add(runner);
                await bus.ConnectReceiveEndpoint(QueueNames.Runner(runner.Id), endpoint =>
                {
                    endpoint.ConfigureConsumeTopology = false;
                    endpoint.Handler<StartRun>(order => runner.TakeAsync(order.Message, over.Token));
                }).Ready;
            }

            var lives = runners.Select(runner => runner.LiveAsync(over.Token)).ToList();
            await Task.Delay(s_warmUp, cancellationToken);
            times.Begin();
            var (began, used) = (Stopwatch.GetTimestamp(), ring.Schedulers[0].ProcessorTime);
            await Task.Delay(s_measured, cancellationToken);
            var share = (ring.Schedulers[0].ProcessorTime - used) / Stopwatch.GetElapsedTime(began);
            Distribution.Print(string.Create(CultureInfo.InvariantCulture, $"{size} runners, a slot's wait for its next run"), times.Waits);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{size} runners: {times.Waits.Count / s_measured.TotalSeconds:F1} runs/s begun, {times.Repeated} attempts taken for lost, scheduler uses {share:P1} of a core"));
            await over.CancelAsync();
            await EndAsync([.. lives, .. runners.Select(runner => runner.EndAsync())]);
        }
        finally
        {
            await bus.StopAsync(CancellationToken.None);
        }
    }

    private static async Task EndAsync(IEnumerable<Task> tasks)
    {
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException)
        {
            // As told.
        }
    }

    private static object Definition() => new
    {
        name = "benchmark",
        preset = "nano",
        axes = new { maskRatio = new[] { 0.5, 0.75 }, seed = Enumerable.Range(0, 1500) },
    };
}
