using MaeLab.Hosting.Startup;
using MaeLab.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace MaeLab.Messaging.Tests.Hosting;

public sealed class StartupGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Gate_opens_once_every_probe_has_said_yes_and_tells_what_it_waits_for()
    {
        var (asked, ready) = (0, false);
        using var host = await StartAsync(services => services
            .AddStartupProbe("something", (_, _) => Task.FromResult(true))
            .AddStartupProbe("the database", (_, _) => ++asked == 1 ? throw new TimeoutException() : Task.FromResult(ready)));
        var gate = host.Services.GetRequiredService<StartupGate>();
        var health = host.Services.GetRequiredService<HealthCheckService>();

        await AdvanceUntilAsync("second question", () => asked >= 2);
        Assert.Equal((HealthStatus.Unhealthy, "Waiting for the database."), await ReadinessAsync(health));
        Assert.False(gate.WaitAsync(TestContext.Current.CancellationToken).IsCompleted);

        ready = true;

        await AdvanceUntilAsync("open gate", () => gate.WaitAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.Equal((HealthStatus.Healthy, null), await ReadinessAsync(health));
    }

    private Task<string> AdvanceUntilAsync(string what, Func<bool> condition) => Eventually.GetAsync(what, () =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(condition() ? what : null);
    });

    private async Task<IHost> StartAsync(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(_time);
        add(builder.Services);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private static async Task<(HealthStatus, string?)> ReadinessAsync(HealthCheckService health)
    {
        var report = await health.CheckHealthAsync(check => check.Name == "startup", TestContext.Current.CancellationToken);
        return (report.Status, Assert.Single(report.Entries).Value.Description);
    }
}
