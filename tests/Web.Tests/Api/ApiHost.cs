using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MaeLab.Contracts;
using MaeLab.Hosting.Bus;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Sample;
using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MaeLab.Web.Tests.Api;

/// <summary>The web service itself, on a port of its own, with a database of its own and a bus that nobody else is on.</summary>
public abstract class ApiHost(ITestDatabases databases) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<Factory> _factories = [];
    private FakeScheduler? _scheduler;

    public TestDatabase Database { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _factories[0].Services;

    internal SampleExperiment Samples => new(Database.Contexts, TimeProvider.System);

    /// <summary>Everything that is mapped below /api.</summary>
    public IReadOnlyList<RouteEndpoint> Endpoints =>
        [.. Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))];

    /// <summary>The person at the browser: whoever opened the link, where there are no accounts.</summary>
    public Door Door { get; private set; } = null!;

    protected virtual AccessMode Access => AccessMode.Local;

    protected virtual bool HasDoor => Access == AccessMode.Local;

    /// <summary>What is opened read-only; null: everything can be changed.</summary>
    protected virtual string? ReadOnly => null;

    /// <summary>A real broker; null: a bus within the process.</summary>
    protected virtual Uri? Broker => null;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        Database = await databases.CreateDatabaseAsync(Cancel);
        Http = Start();
        Door = Door.Closed(Http.BaseAddress!);
        if (Access == AccessMode.Local)
        {
            Http.DefaultRequestHeaders.Authorization = ServiceSettings.Authorization;
        }

        if (HasDoor)
        {
            Door = await Door.OpenAsync(new(Http.BaseAddress!, $"{AccessLink.OpenPath}?key={Services.GetRequiredService<OneTimeKey>().Renew()}"), Cancel);
        }

        await Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, s_patience);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Http?.Dispose();
        foreach (var factory in _factories)
        {
            await factory.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    /// <summary>Starts a web process over the database; another one may be there already.</summary>
    public HttpClient Start()
    {
        var factory = new Factory(Database, Broker, Access, ReadOnly, RequestsPerMinute, Settings, Configure);
        _factories.Add(factory);
        factory.UseKestrel(0);
        return factory.CreateClient();
    }

    /// <summary>Settings beside those that every test needs.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    /// <summary>What the tests have otherwise.</summary>
    protected virtual void Configure(IServiceCollection services)
    {
    }

    /// <summary>Null: as it is by default.</summary>
    protected virtual int? RequestsPerMinute => null;

    /// <summary>Someone at the other end of the bus; until a test asks for it nobody answers.</summary>
    public async Task<FakeScheduler> SchedulerAsync()
    {
        if (_scheduler is null)
        {
            _scheduler = new();
            var endpoint = Services.GetRequiredService<IBusControl>().ConnectReceiveEndpoint(QueueNames.SchedulerCommands, _scheduler.Configure);
            await endpoint.Ready.WaitAsync(s_patience, Cancel);
        }

        return _scheduler;
    }

    /// <summary>The JSON of a 200.</summary>
    public async Task<JsonObject> GetAsync(string address)
    {
        using var response = await Http.GetAsync(address, Cancel);
        return await ReadAsync(response, HttpStatusCode.OK);
    }

    public async Task<JsonObject> GetProblemAsync(string address, HttpStatusCode expected)
    {
        using var response = await Http.GetAsync(address, Cancel);
        return await ReadProblemAsync(response, expected);
    }

    public Task<HttpResponseMessage> PostAsync(string address, string json) =>
        Http.PostAsync(address, new StringContent(json, Encoding.UTF8, "application/json"), Cancel);

    public static async Task<JsonObject> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} instead of {(int)expected}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>The body of an answer that must be problem+json with nothing of our inside in it.</summary>
    public static async Task<JsonObject> ReadProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var problem = await ReadAsync(response, expected);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)expected, (int)problem["status"]!);
        Assert.NotNull(problem["title"]);
        Assert.DoesNotContain("   at ", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", problem.ToString(), StringComparison.Ordinal);
        return problem;
    }

    private sealed class Factory(TestDatabase database, Uri? broker, AccessMode access, string? readOnly, int? requestsPerMinute, IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection> configure)
        : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(Environments.Production);
            builder.UseSetting("Storage:Provider", database.Options.Provider.ToString());
            builder.UseSetting("Storage:ConnectionString", database.Options.ConnectionString);
            builder.UseSetting("Bus:Transport", (broker is null ? BusTransport.InMemory : BusTransport.RabbitMq).ToString());
            if (broker is not null)
            {
                builder.UseSetting("Bus:Uri", broker.ToString());
            }

            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            if (readOnly is not null)
            {
                builder.UseSetting("Web:ReadOnly", readOnly);
            }

            builder.ConfigureServices(configure);
            if (requestsPerMinute is { } perMinute)
            {
                builder.UseSetting("Web:RequestsPerMinute", perMinute.ToString(CultureInfo.InvariantCulture));
            }

            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.UseSetting("Web:Access", access.ToString());
            if (access == AccessMode.Local)
            {
                builder.UseSetting("Web:Token", ServiceSettings.Authorization.Parameter);
            }
        }
    }
}

public sealed class SqliteApiHost(SqliteFiles databases) : ApiHost(databases);

public sealed class PostgresApiHost(PostgresServer databases) : ApiHost(databases);
