using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Nodes;

namespace MaeLab.Testing.Ring;

/// <summary>web, scheduler and runner as processes of their own, on a real PostgreSQL database and a real RabbitMQ virtual host.</summary>
public sealed class RunningRing : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly TestVirtualHost _broker;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-ring-");

    private RunningRing(TestDatabase database, TestVirtualHost broker)
    {
        (_database, _broker) = (database, broker);
        var ports = FreePorts.Find(3);
        var settings = ServiceSettings.Of(database.Options.ConnectionString, broker.Address, Path.Combine(_folder.FullName, "runner"));
        Scheduler = ServiceProcess.Start(Programs.Scheduler, ports, settings);
        Runner = ServiceProcess.Start(Programs.Runner, ports + 1, settings);
        Web = ServiceProcess.Start(Programs.Web, ports + 2, settings);
        Http = new HttpClient { BaseAddress = Web.Address };
    }

    public ServiceProcess Scheduler { get; }

    public ServiceProcess Runner { get; }

    public ServiceProcess Web { get; }

    /// <summary>Speaks to the REST API of web.</summary>
    public HttpClient Http { get; }

    /// <summary>What the services said last, for a failed test's message.</summary>
    public string Output => string.Join(System.Environment.NewLine, Scheduler.Output, Runner.Output, Web.Output);

    public static async Task<RunningRing> StartAsync(PostgresServer databases, RabbitMqServer brokers, CancellationToken cancellationToken)
    {
        // An empty database: the scheduler makes the tables, as on a first start.
        var database = await databases.CreateMissingDatabaseAsync(cancellationToken);
        var ring = new RunningRing(database, await brokers.CreateVirtualHostAsync(cancellationToken));
        try
        {
            foreach (var service in new[] { ring.Scheduler, ring.Runner, ring.Web })
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
            foreach (var service in new[] { Web, Runner, Scheduler })
            {
                await service.StopAsync();
            }
        }
        finally
        {
            // Also after a service that did not stop when told to: no process may outlive its test.
            foreach (var service in new[] { Web, Runner, Scheduler })
            {
                await service.DisposeAsync();
            }

            await _broker.DisposeAsync();
            await _database.DisposeAsync();
            _folder.Delete(recursive: true);
        }
    }
}
