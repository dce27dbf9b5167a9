using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain.Recipes;
using MaeLab.Hosting.Bus;
using MaeLab.Scheduler;
using MaeLab.Scheduler.Placement;
using MaeLab.Scheduler.Standby;
using MaeLab.Storage;
using MaeLab.Storage.Runners;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Web;
using MaeLab.Web.Api;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MaeLab.Benchmarks;

/// <summary>
/// 10,000 runs: from the request to the answer that they are stored, and then how long the scheduler takes to place one of
/// them. Web and scheduler in this process, real broker, real database; the runner has one slot more each time and takes no orders.
/// </summary>
public static class QueueBenchmark
{
    private const int Submissions = 5;
    private const int Placements = 50;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var databases = new PostgresServer();
        await using var brokers = new RabbitMqServer();
        await using var database = await databases.CreateDatabaseAsync(cancellationToken);
        await using var broker = await brokers.CreateVirtualHostAsync(cancellationToken);
        await using var app = await StartAsync(database, broker, cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        var submissions = new List<double>();
        for (var submission = 0; submission <= Submissions; submission++)
        {
            await using (var db = database.Open())
            {
                await db.Experiments.ExecuteDeleteAsync(cancellationToken);
            }

            var began = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsJsonAsync("api/v1/experiments", Definition(), cancellationToken);
            answer.EnsureSuccessStatusCode();
            var body = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            await WaitUntilStoredAsync(database, cancellationToken);
            if (submission > 0) // the first one compiles and warms up everything
            {
                submissions.Add((int)answer.StatusCode == StatusCodes.Status201Created
                    ? time
                    : throw new InvalidOperationException($"The scheduler did not answer in time: {body!["message"]}"));
            }
        }

        Distribution.Print("10,000 runs from request to accepted", submissions);
        Distribution.Print("one placement, 10,000 runs queued", await PlaceAsync(app, database, cancellationToken));
        await app.StopAsync(cancellationToken);
    }

    private static Task<TestDatabase> WaitUntilStoredAsync(TestDatabase database, CancellationToken cancellationToken) => Eventually.GetAsync(
        "stored experiment",
        async () =>
        {
            await using var db = database.Open();
            return await db.Experiments.AnyAsync(cancellationToken) ? database : null;
        });

    /// <summary>One turn of the placement loop that assigns one run, its attempt opened and its order sent.</summary>
    private static async Task<List<double>> PlaceAsync(WebApplication app, TestDatabase database, CancellationToken cancellationToken)
    {
        var placement = app.Services.GetRequiredService<PlacementLoop>();
        var runner = Guid.CreateVersion7();
        await using var db = database.Open();
        db.Runners.Add(new()
        {
            Id = runner,
            Name = "idle",
            Device = "cpu",
            Datasets = DatasetCatalog.Write([Datasets.FashionMnistSample]),
            LastSeenAt = DateTimeOffset.UtcNow,
        });
        await db.SaveChangesAsync(cancellationToken);

        // What autovacuum does within a minute of so many new and deleted rows.
        await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", cancellationToken);
        var times = new List<double>();
        for (var slots = 1; slots <= Placements + 10; slots++)
        {
            var (offered, now) = (slots, DateTimeOffset.UtcNow);
            await db.Runners.ExecuteUpdateAsync(row => row.SetProperty(r => r.Slots, offered).SetProperty(r => r.LastSeenAt, now), cancellationToken);
            await db.RunAttempts.ExecuteUpdateAsync(row => row.SetProperty(attempt => attempt.LeaseUntil, now.AddSeconds(15)), cancellationToken);
            var began = Stopwatch.GetTimestamp();
            await placement.PlaceAsync(cancellationToken);
            var time = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            var assigned = await db.RunAttempts.CountAsync(cancellationToken);
            if (assigned != slots)
            {
                throw new InvalidOperationException($"{assigned} runs were placed, not {slots}: something else places too.");
            }

            if (slots > 10)
            {
                times.Add(time);
            }
        }

        return times;
    }

    private static async Task<WebApplication> StartAsync(TestDatabase database, TestVirtualHost broker, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Provider"] = nameof(StorageProvider.Postgres),
            ["Storage:ConnectionString"] = database.Options.ConnectionString,
            ["Bus:Uri"] = broker.Address.ToString(),
            ["Scheduler:PlaceEvery"] = "01:00:00", // placement is called here, and by nobody else
            ["Scheduler:Lease"] = "01:00:00",
        });
        builder.AddMaeLabWeb();
        builder.Services.AddMaeLabScheduler(builder.Configuration);
        builder.Services.AddMaeLabBus(builder.Configuration, SchedulerConsumers.Contribute, WebRegistration.Contribute);
        var app = builder.Build();
        app.MapMaeLabApi();
        await app.StartAsync(cancellationToken);
        await app.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, cancellationToken);
        var active = app.Services.GetRequiredService<ActiveScheduler>();
        await Eventually.GetAsync("active scheduler", () => Task.FromResult(active.IsActive ? active : null));
        return app;
    }

    private static object Definition() => new
    {
        name = "benchmark",
        preset = "nano",
        axes = new { maskRatio = new[] { 0.5, 0.6, 0.75, 0.9 }, seed = Enumerable.Range(0, 2500) },
    };
}
