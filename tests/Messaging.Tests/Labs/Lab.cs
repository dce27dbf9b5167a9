using System.Text.Json.Nodes;
using MaeLab.Contracts;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Recipes;
using MaeLab.Hosting.Bus;
using MaeLab.Runner;
using MaeLab.Runner.Execution;
using MaeLab.Scheduler;
using MaeLab.Storage.Model;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MaeLab.Messaging.Tests.Labs;

/// <summary>
/// A MaeLab of one test: a database, a bus, and the hosts started on them. With a virtual host every service is a host of
/// its own on RabbitMQ; without one everything lives in one host with the in-memory transport.
/// </summary>
internal sealed class Lab(TestDatabase database, TestVirtualHost? broker) : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];
    private readonly List<string> _folders = [];
    private IHost? _client;

    public FactLog Facts { get; } = new();

    public TestDatabase Database { get; } = database;

    /// <summary>Settings for every host started from now on, for example <c>Scheduler:Lease</c>.</summary>
    public Dictionary<string, string?> Settings { get; } = new()
    {
        ["Scheduler:Lease"] = "00:00:02",
        ["Scheduler:AssignmentGrace"] = "00:00:01",
        ["Scheduler:PlaceEvery"] = "00:00:00.2",
        ["Scheduler:WatchEvery"] = "00:00:00.1",
        ["Scheduler:RetryBackOff"] = "00:00:00.1",
        ["Runner:ReportEvery"] = "00:00:00.3",
        ["Runner:Calibrate"] = "false",
        ["Runner:SampleEvery"] = "00:00:00", // tests count points
    };

    /// <summary>Of every runner.</summary>
    public long MemoryBytes { get; init; } = 1 << 30;

    /// <summary>Runners offer what they find by their settings; else the sample only, whatever this machine has.</summary>
    public bool OffersWhatIsFound { get; init; }

    /// <summary>Folders of the attempts under way.</summary>
    public IEnumerable<string> WorkFolders => _folders.SelectMany(folder => Directory.GetDirectories(Path.Combine(folder, "work")));

    /// <summary>A scheduler, one runner and somebody who listens.</summary>
    public async Task StartAsync(FakeEngine engine)
    {
        if (broker is null)
        {
            _client = await StartHostAsync(
                services =>
                {
                    services.AddMaeLabScheduler(Configuration());
                    AddRunner(services, "local", engine);
                },
                SchedulerConsumers.Contribute, RunnerConsumers.Contribute, ContributeClient);
            return;
        }

        await StartClientAsync();
        await StartSchedulerAsync();
        await StartRunnerAsync("runner-1", engine);
    }

    /// <summary>Somebody who asks and listens. Returns once it hears: what is said before that is lost to it.</summary>
    public async Task StartClientAsync()
    {
        _client = await StartHostAsync(_ => { }, ContributeClient);
        await _client.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, TestContext.Current.CancellationToken);
    }

    public Task<IHost> StartSchedulerAsync() => StartHostAsync(services => services.AddMaeLabScheduler(Configuration()), SchedulerConsumers.Contribute);

    /// <param name="folder">Where an earlier runner was; a new one where null.</param>
    public Task<IHost> StartRunnerAsync(string name, FakeEngine engine, string? folder = null) =>
        StartHostAsync(services => AddRunner(services, name, engine, folder), RunnerConsumers.Contribute);

    public Task StopAsync(IHost host) => EndAsync(host, CancellationToken.None);

    /// <summary>Stops it at once, with whatever it still has to do left undone.</summary>
    public async Task AbandonAsync(IHost host)
    {
        // Else its consumers outlive it, and take the orders of whoever comes after it.
        await host.Services.GetRequiredService<IBusControl>().StopAsync(CancellationToken.None);
        await EndAsync(host, new CancellationToken(canceled: true));
    }

    /// <summary>As web does it: publishes the command and listens for the answer.</summary>
    public async Task<Guid> SubmitAsync(string definition, Guid? id = null)
    {
        var experimentId = id ?? Guid.CreateVersion7();
        await PublishAsync(new SubmitExperiment(experimentId, definition, "tester"));
        return experimentId;
    }

    public Task ControlAsync(Guid runId, RunAction action) => PublishAsync(new ControlRun(runId, action, "tester"));

    public Task PublishAsync<T>(T message)
        where T : class => _client!.Services.GetRequiredService<IBus>().Publish(message, TestContext.Current.CancellationToken);

    /// <summary>Sends a command and waits until pages are told that an experiment changed.</summary>
    public async Task ChangeAsync<T>(T command)
        where T : class
    {
        var before = Facts.Of<ExperimentChanged>().Count();
        await PublishAsync(command);
        await Eventually.GetAsync("change", () => Task.FromResult(Facts.Of<ExperimentChanged>().Count() > before ? "told" : null));
    }

    /// <returns>The runs of an experiment, those that are deleted left out, in its order.</returns>
    public async Task<List<RunRow>> RunsAsync(Guid experimentId)
    {
        await using var db = Database.Open();
        return await db.Runs.AsNoTracking().Where(run => run.ExperimentId == experimentId).OrderBy(run => run.Index).ToListAsync(TestContext.Current.CancellationToken);
    }

    public Task<RunRow> WaitForRunAsync(string what, Guid experimentId, Func<RunRow, bool> which) => Eventually.GetAsync($"run that is {what}", async () =>
    {
        try
        {
            await using var db = Database.Open();
            return (await db.Runs.AsNoTracking().Where(run => run.ExperimentId == experimentId).ToListAsync()).FirstOrDefault(which);
        }
        catch (InvalidOperationException error) when (error.InnerException is NpgsqlException { IsTransient: true })
        {
            return null; // an outage had cut the connection while it lay in the pool
        }
    });

    public async Task WaitForAllAsync(string what, Guid experimentId, Func<RunRow, bool> all) => await Eventually.GetAsync($"experiment with all runs {what}", async () =>
    {
        await using var db = Database.Open();
        var runs = await db.Runs.AsNoTracking().Where(run => run.ExperimentId == experimentId).ToListAsync();
        return runs.Count > 0 && runs.All(all) ? runs : null;
    });

    /// <summary>The definition of an experiment in the API's JSON.</summary>
    /// <param name="axes">Field to levels, as JSON.</param>
    public static string Definition(string name = "Test", string axes = "{}", int priority = 0) => new JsonObject
    {
        ["name"] = name,
        ["priority"] = priority,
        ["axes"] = JsonNode.Parse(axes),
    }.ToJsonString();

    /// <summary>A folder for a runner, gone with the lab.</summary>
    public string CreateFolder()
    {
        _folders.Add(Directory.CreateTempSubdirectory("maelab-runner-").FullName);
        return _folders[^1];
    }

    public async ValueTask DisposeAsync()
    {
        while (_hosts is [.., var host])
        {
            await StopAsync(host);
        }

        _folders.ForEach(folder => Directory.Delete(folder, recursive: true));
        await Database.DisposeAsync();
    }

    private async Task EndAsync(IHost host, CancellationToken patience)
    {
        _hosts.Remove(host);
        await host.StopAsync(patience);
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private void AddRunner(IServiceCollection services, string name, FakeEngine engine, string? folder = null)
    {
        services.AddSingleton<TrainingLoop>(engine.Run);
        services.AddSingleton<TheoryLoop>(engine.Examiner.Run);
        services.AddSingleton(new Lazy<RunnerHardware>(new RunnerHardware("cpu", 2, MemoryBytes)));
        if (!OffersWhatIsFound)
        {
            services.AddSingleton(new OfferedDatasets([Datasets.FashionMnistSample]));
        }

        services.AddMaeLabRunner(Configuration(("Runner:Name", name), ("Runner:DataFolder", folder ?? CreateFolder())));
    }

    private async Task<IHost> StartHostAsync(Action<IServiceCollection> add, params Action<IBusRegistrationConfigurator>[] contributions)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddProvider(new TestLog()).SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning);
        add(builder.Services);
        builder.Services.AddMaeLabBus(Configuration(), contributions);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private void ContributeClient(IBusRegistrationConfigurator bus)
    {
        bus.AddSingleton(Facts);
        bus.AddTemporaryConsumer<FactLogConsumer>($"test-{Guid.NewGuid():n}");
        bus.PublishesDurably<SubmitExperiment>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<ControlRun>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<ChangeExperiment>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<PrioritizeRuns>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<MoveRuns>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<RequestTheory>(QueueNames.SchedulerCommands);
        bus.PublishesDurably<QueueCell>(QueueNames.SchedulerCommands);
    }

    private IConfiguration Configuration(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Storage:Provider"] = Database.Options.Provider.ToString(),
            ["Storage:ConnectionString"] = Database.Options.ConnectionString,
            ["Bus:Transport"] = (broker is null ? BusTransport.InMemory : BusTransport.RabbitMq).ToString(),
        };
        if (broker is not null)
        {
            settings["Bus:Uri"] = broker.Address.ToString();
        }

        foreach (var (key, value) in Settings)
        {
            settings[key] = value;
        }

        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
