using System.Globalization;
using MaeLab.Storage;
using MaeLab.Testing;
using MaeLab.Testing.Nodes;
using MaeLab.Testing.Ring;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests.Faults;

/// <summary>
/// A whole ring that may be broken: two schedulers, two runners and web as processes, and a PostgreSQL and a RabbitMQ of
/// its own, since those of the other tests are not to be killed.
/// </summary>
public sealed class FaultRing : IAsyncDisposable
{
    /// <summary>Environment variable: a folder that the output of all services goes to at the end.</summary>
    public const string LogsVariable = "MAELAB_FAULT_LOGS";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("maelab-faults-");
    private readonly List<ServiceVictim> _services = [];

    private FaultRing(ServerNode database, ServerNode? standby, IReadOnlyList<ServerNode> brokers, Settings settings)
    {
        (Database, Standby, Brokers, Lease) = (database, standby, brokers, settings.Lease);
        var address = standby is null
            ? string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={database.Port}")
            : string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1:{database.Port},127.0.0.1:{standby.Port};Target Session Attributes=primary");
        Storage = new() { Provider = StorageProvider.Postgres, ConnectionString = $"{address};Username=maelab;Database=maelab" };
        Contexts = DatabaseFactory.Create(Storage);
        var ports = FreePorts.Find(5);
        Web = Add("web", Programs.Web, ports, settings);
        Schedulers = [Add("scheduler-1", Programs.Scheduler, ports + 1, settings), Add("scheduler-2", Programs.Scheduler, ports + 2, settings)];
        Runners = [Add("runner-1", Programs.Runner, ports + 3, settings), Add("runner-2", Programs.Runner, ports + 4, settings)];
        Http = new HttpClient { BaseAddress = Web.Address, Timeout = TimeSpan.FromSeconds(20), DefaultRequestHeaders = { Authorization = ServiceSettings.Authorization } };
    }

    /// <param name="DataFolder">Of the first runner; null: one below the ring's own folder.</param>
    /// <param name="Environment">More of it, by the name of the service.</param>
    /// <param name="HasStandby">The database has one that follows it, and services know of both.</param>
    /// <param name="Brokers">Nodes of the broker's cluster; services know of all.</param>
    public sealed record Settings(
        TimeSpan Lease, string? DataFolder = null, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? Environment = null, bool HasStandby = false, int Brokers = 1);

    public TimeSpan Lease { get; }

    public ServerNode Database { get; }

    public ServerNode? Standby { get; }

    public IReadOnlyList<ServerNode> Brokers { get; }

    public ServerNode Broker => Brokers[0];

    public ServiceVictim Web { get; }

    public IReadOnlyList<ServiceVictim> Schedulers { get; }

    public IReadOnlyList<ServiceVictim> Runners { get; }

    /// <summary>All of them.</summary>
    public IReadOnlyList<ServiceVictim> Services => _services;

    public StorageOptions Storage { get; }

    public IDbContextFactory<MaeLabDb> Contexts { get; }

    /// <summary>Speaks to the REST API of web, in whichever life that is.</summary>
    public HttpClient Http { get; }

    /// <summary>What the services said last, for a failed test's message.</summary>
    public string Output => string.Join(Environment.NewLine, _services.Select(service => service.Output));

    public static async Task<FaultRing> StartAsync(Settings settings, CancellationToken cancellationToken)
    {
        var database = Need(await ServerNode.StartAsync(NodeScript.Postgres, ports: 1, cancellationToken));
        var standby = settings.HasStandby ? await database.StartStandbyAsync(cancellationToken) : null;
        List<ServerNode> brokers = [Need(await ServerNode.StartAsync(NodeScript.RabbitMq, ports: 4, cancellationToken))];
        while (brokers.Count < settings.Brokers)
        {
            brokers.Add(await brokers[0].StartMemberAsync(cancellationToken));
        }

        var ring = new FaultRing(database, standby, brokers, settings);
        try
        {
            foreach (var service in ring._services)
            {
                await service.StartAsync();
            }

            foreach (var service in ring._services)
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
        if (Environment.GetEnvironmentVariable(LogsVariable) is { Length: > 0 } logs)
        {
            Directory.CreateDirectory(logs);
            await File.WriteAllTextAsync(Path.Combine(logs, $"{DateTimeOffset.UtcNow:HHmmss}.log"), string.Join(Environment.NewLine, _services.Select(service => service.History)));
        }

        Http.Dispose();
        foreach (var service in _services)
        {
            await service.DisposeAsync();
        }

        foreach (var broker in Brokers)
        {
            await broker.DisposeAsync();
        }

        if (Standby is not null)
        {
            await Standby.DisposeAsync();
        }

        await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private ServiceVictim Add(string name, string program, int port, Settings settings)
    {
        var folder = name == "runner-1" && settings.DataFolder is { } given ? given : Path.Combine(_folder.FullName, name);
        var environment = ServiceSettings.Of(
            Storage.ConnectionString,
            new(string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{Broker.Port}/")),
            folder);

        if (Brokers.Count > 1)
        {
            environment["Bus__Nodes"] = string.Join(',', Brokers.Select(node => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{node.Port}")));
        }

        // One thread a run: two runners have two cores, and the bits do not depend on the machine.
        environment["Runner__Threads"] = "1";
        environment["Runner__Calibrate"] = "false";

        environment["Scheduler__Lease"] = Lease.ToString("c");
        environment["Runner__ReportEvery"] = (Lease / 5).ToString("c");
        foreach (var (key, value) in settings.Environment?.GetValueOrDefault(name) ?? new Dictionary<string, string>())
        {
            environment[key] = value;
        }

        var service = new ServiceVictim(name, program, port, environment);
        _services.Add(service);
        return service;
    }

    private static ServerNode Need((ServerNode? Node, string? Missing) started)
    {
        if (started.Node is null)
        {
            Prerequisite.Missing(started.Missing!);
        }

        return started.Node;
    }
}
