using MaeLab.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace MaeLab.Messaging.Tests.Hosting;

public sealed class ReadinessCheckTests
{
    private readonly FakeTimeProvider _time = new();
    private int _asked;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answer_holds_for_a_second_however_many_ask()
    {
        var wrong = (string?)"It is late.";
        await using var services = Services(_ => Task.FromResult(wrong));

        Assert.Equal((HealthStatus.Unhealthy, "It is late."), await AskAsync(services));
        wrong = null;
        Assert.Equal((HealthStatus.Unhealthy, "It is late."), await AskAsync(services));
        Assert.Equal(1, _asked);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((HealthStatus.Healthy, null), await AskAsync(services));
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Error_is_a_no_that_tells_strangers_nothing()
    {
        await using var services = Services(_ => throw new InvalidOperationException("password of maelab_web@10.0.0.7 refused"));

        Assert.Equal((HealthStatus.Unhealthy, "The clock does not answer; the log says why."), await AskAsync(services));
    }

    [Fact]
    public async Task No_answer_in_time_is_a_no()
    {
        var (asked, never) = (new TaskCompletionSource(), new TaskCompletionSource<string?>());
        await using var services = Services(_ =>
        {
            asked.SetResult();
            return never.Task;
        });

        var answer = AskAsync(services);
        await asked.Task;
        Assert.False(answer.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((HealthStatus.Unhealthy, "The clock does not answer; the log says why."), await answer);
    }

    [Fact]
    public async Task Part_that_several_services_of_a_process_need_is_asked_once()
    {
        await using var services = Services(_ => Task.FromResult<string?>(null), times: 3);

        Assert.Equal((HealthStatus.Healthy, null), await AskAsync(services));
        Assert.Equal(1, _asked);
    }

    private ServiceProvider Services(Func<CancellationToken, Task<string?>> problem, int times = 1)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time);
        for (var time = 0; time < times; time++)
        {
            services.AddReadinessCheck("clock", (_, token) =>
            {
                _asked++;
                return problem(token);
            });
        }

        return services.BuildServiceProvider();
    }

    private static async Task<(HealthStatus, string?)> AskAsync(ServiceProvider services)
    {
        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel);
        return (report.Status, Assert.Single(report.Entries).Value.Description);
    }
}
