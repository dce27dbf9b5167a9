using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using MassTransit;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// One scheduler, two webs, one database and one broker under a growing fleet of simulated runners (see <see cref="SimulatedRunner"/>), each of which
/// trains one run of some 20 s after another: what a runner costs the others, how long its slot stays empty, and what a web costs.
/// </summary>
public static class FleetBenchmark
{
    /// <summary>Of these a browser looks on at a web of its own, afterwards.</summary>
    private const int Watched = 16;

    private static readonly int[] s_sizes = [4, 16, 64, 256];
    private static readonly TimeSpan s_training = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var ring = await RunningRing.StartAsync(
            databases, brokers, new(Webs: 2, Schedulers: 1, Runners: 0), new Dictionary<string, string>(), cancellationToken);
        await using var fleet = await Fleet.StartAsync(ring, s_training, cancellationToken);
        await ring.SubmitAsync(Definition("background", seeds: 600), cancellationToken);
        foreach (var size in s_sizes)
        {
            await fleet.GrowAsync(size);
            await MeasureAsync($"{size} runners");
            if (size == Watched)
            {
                await using var chromium = new Chromium();
                await using var browser = await chromium.OpenAsync(await ring.Webs[1].OpenDoorAsync(cancellationToken));
                var run = await ring.SubmitAsync(Definition("watched", seeds: 30), cancellationToken);
                await browser.GoAsync($"/experiments/{(await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{run}", cancellationToken))!["experimentId"]}?tab=curves");
                await MeasureAsync($"{size} runners, and a browser at web 2 on the curves of an experiment that they train");
            }
        }

        async Task MeasureAsync(string what)
        {
            await Task.Delay(s_warmUp, cancellationToken);
            var before = await RingUse.ReadAsync(ring, databases, brokers);
            fleet.Times.Begin();
            await Task.Delay(s_measured, cancellationToken);
            var use = (await RingUse.ReadAsync(ring, databases, brokers)).Since(before);
            Distribution.Print($"{what}: a slot's wait for its next run", fleet.Times.Waits);
            var seconds = s_measured.TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {fleet.Times.Waits.Count / seconds:F1} runs/s begun, {fleet.Times.Reports / seconds:F0} reports/s, {fleet.Times.Points / seconds:F0} points/s, {fleet.Times.Repeated} attempts taken for lost; of a core: {use}"));
        }
    }

    private static object Definition(string name, int seeds) => new
    {
        name,
        preset = "nano",
        axes = new { maskRatio = new[] { 0.5, 0.75 }, seed = Enumerable.Range(0, seeds) },
    };

    /// <summary>Runners on one bus of this process.</summary>
    private sealed class Fleet(RunningRing ring, IBusControl bus, TimeSpan training, CancellationTokenSource over) : IAsyncDisposable
    {
        private readonly List<SimulatedRunner> _runners = [];
        private readonly List<Task> _lives = [];

        public FleetTimes Times { get; } = new();

        public static async Task<Fleet> StartAsync(RunningRing ring, TimeSpan training, CancellationToken cancellationToken)
        {
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
            return new(ring, bus, training, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken));
        }

        public async Task GrowAsync(int size)
        {
            while (_runners.Count < size)
            {
                var runner = new SimulatedRunner(bus, ring.Contexts, training, Times);
                _runners.Add(runner);
                await bus.ConnectReceiveEndpoint(QueueNames.RunnerOrders(runner.Id), endpoint =>
                {
                    endpoint.ConfigureConsumeTopology = false;
                    ((IRabbitMqReceiveEndpointConfigurator)endpoint).SetQuorumQueue();
                    ((IRabbitMqReceiveEndpointConfigurator)endpoint).Bind(QueueNames.Runner(runner.Id));
                    endpoint.Handler<StartRun>(order => runner.TakeAsync(order.Message, over.Token));
                }).Ready;
                _lives.Add(runner.LiveAsync(over.Token));
            }
        }

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            try
            {
                await Task.WhenAll([.. _lives, .. _runners.Select(runner => runner.EndAsync())]);
            }
            catch (OperationCanceledException)
            {
                // As told.
            }

            await bus.StopAsync(CancellationToken.None);
            over.Dispose();
        }
    }
}
