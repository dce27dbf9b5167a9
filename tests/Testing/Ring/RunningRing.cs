using MaeLab.Storage;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Testing.Ring;

/// <summary>How many processes of each service.</summary>
public sealed record RingSize(int Webs, int Schedulers, int Runners)
{
    public static RingSize OneOfEach { get; } = new(1, 1, 1);
}

/// <summary>web, scheduler and runner as processes of their own, on a real PostgreSQL database and a real RabbitMQ virtual host.</summary>
public sealed class RunningRing : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly TestVirtualHost _broker;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-ring-");

    private RunningRing(TestDatabase database, TestVirtualHost broker, RingSize size, IReadOnlyDictionary<string, string> environment)
    {
        (_database, _broker) = (database, broker);
        var port = FreePorts.Find(size.Webs + size.Schedulers + size.Runners);
        Schedulers = Start(Programs.Scheduler, "scheduler", size.Schedulers);
        Runners = Start(Programs.Runner, "runner", size.Runners);
        Webs = Start(Programs.Web, "web", size.Webs);
        Http = new HttpClient { BaseAddress = Webs[0].Address, DefaultRequestHeaders = { Authorization = ServiceSettings.Authorization } };

        ServiceProcess[] Start(string program, string name, int count) =>
        [
            .. Enumerable.Range(1, count).Select(number =>
            {
                var settings = ServiceSettings.Of(database.Options.ConnectionString, broker.Address, Path.Combine(_folder.FullName, $"{name}-{number}"));
                foreach (var (key, value) in environment)
                {
                    settings[key] = value;
                }

                return ServiceProcess.Start(program, port++, settings);
            }),
        ];
    }

    public IReadOnlyList<ServiceProcess> Schedulers { get; }

    public IReadOnlyList<ServiceProcess> Runners { get; }

    public IReadOnlyList<ServiceProcess> Webs { get; }

    public ServiceProcess Web => Webs[0];

    private IEnumerable<ServiceProcess> Services => [.. Schedulers, .. Runners, .. Webs];

    /// <summary>Where the broker listens.</summary>
    public Uri Broker => _broker.Address;

    /// <summary>The database behind the services.</summary>
    public IDbContextFactory<MaeLabDb> Contexts => _database.Contexts;

    /// <summary>Speaks to the REST API of the first web.</summary>
    public HttpClient Http { get; }

    /// <summary>What the services said last, for a failed test's message.</summary>
    public string Output => string.Join(Environment.NewLine, Services.Select(service => service.Output));

    public static Task<RunningRing> StartAsync(PostgresServer databases, RabbitMqServer brokers, CancellationToken cancellationToken) =>
        StartAsync(databases, brokers, RingSize.OneOfEach, new Dictionary<string, string>(), cancellationToken);

    /// <param name="environment">More of it, for all services.</param>
    public static async Task<RunningRing> StartAsync(
        PostgresServer databases, RabbitMqServer brokers, RingSize size, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        // An empty database: the scheduler makes the tables, as on a first start.
        var database = await databases.CreateMissingDatabaseAsync(cancellationToken);
        var ring = new RunningRing(database, await brokers.CreateVirtualHostAsync(cancellationToken), size, environment);
        try
        {
            foreach (var service in ring.Services)
            {
                await service.WaitUntilReadyAsync(ring.Http, cancellationToken);
            }

            return ring;
        }
        catch
        {
            await ring.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        try
        {
            foreach (var alike in new[] { Webs, Runners, Schedulers })
            {
                await Task.WhenAll(alike.Select(service => service.StopAsync()));
            }
        }
        finally
        {
            // Also after a service that did not stop when told to: no process may outlive its test.
            foreach (var service in Services)
            {
                await service.DisposeAsync();
            }

            await _broker.DisposeAsync();
            await _database.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }
}
