using MaeLab.Domain.Runs;
using MaeLab.Messaging.Tests.Labs;
using MaeLab.Scheduler.Standby;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace MaeLab.Messaging.Tests;

/// <summary>Several schedulers on one database: one is active, the others take over.</summary>
public sealed class ActiveSchedulerTests(PostgresServer databases, SqliteFiles files, RabbitMqServer brokers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_end_once_each_while_the_active_of_two_schedulers_is_stopped()
    {
        await using var broker = await brokers.CreateVirtualHostAsync(Token);
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker);
        await lab.StartClientAsync();
        var (first, second) = (await lab.StartSchedulerAsync(), await lab.StartSchedulerAsync());
        var engine = new FakeEngine { HoldBefore = 8 };
        await lab.StartRunnerAsync("runner-1", engine);
        var active = await ActiveOfAsync(first, second);
        var experiment = await lab.SubmitAsync(Lab.Definition(axes: """{"seed": [1, 2, 3]}"""));
        await engine.Holding;

        await lab.StopAsync(active);
        var heir = active == first ? second : first;
        Assert.Same(heir, await ActiveOfAsync(heir));
        engine.Release();

        await lab.WaitForAllAsync("completed", experiment, run => run is { State: RunState.Completed, Attempt: 1, Losses: 0 });
    }

    [Fact]
    public async Task Scheduler_whose_connection_breaks_is_active_no_more_until_it_has_the_lock_again()
    {
        await using var lab = new Lab(await databases.CreateDatabaseAsync(Token), broker: null);
        var (first, second) = (await lab.StartSchedulerAsync(), await lab.StartSchedulerAsync());
        var active = Self(await ActiveOfAsync(first, second));

        await using var db = lab.Database.Open();
        await db.Database.ExecuteSqlRawAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", Token);

        await Eventually.GetAsync("scheduler that knows", () => Task.FromResult(active.IsActive ? null : "knows"));
        await ActiveOfAsync(first, second);
    }

    [Fact]
    public async Task Second_scheduler_on_a_file_of_sqlite_stands_by()
    {
        await using var lab = new Lab(await files.CreateDatabaseAsync(Token), broker: null);
        var first = await lab.StartSchedulerAsync();
        await ActiveOfAsync(first);
        var second = await lab.StartSchedulerAsync();

        Assert.Equal("Active: places runs and watches runners.", await HealthAsync(first));
        Assert.Equal("Standing by: another scheduler is active.", await HealthAsync(second));
        await lab.StopAsync(first);
        await ActiveOfAsync(second);
    }

    private static ActiveScheduler Self(IHost host) => host.Services.GetRequiredService<ActiveScheduler>();

    private static Task<IHost> ActiveOfAsync(params IHost[] hosts) =>
        Eventually.GetAsync("active scheduler", () => Task.FromResult(hosts.SingleOrDefault(host => Self(host).IsActive)));

    private static async Task<string?> HealthAsync(IHost host) =>
        (await Self(host).CheckHealthAsync(new HealthCheckContext(), Token)).Description;
}
