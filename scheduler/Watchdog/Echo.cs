using MaeLab.Contracts.Facts;
using MaeLab.Hosting.Background;
using MaeLab.Hosting.Bus;
using MaeLab.Hosting.Startup;
using MaeLab.Scheduler.Standby;
using MassTransit;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Watchdog;

/// <summary>
/// Speaks to itself through the broker, on the way that the runners' reports take. A broker that is stopped but not gone
/// keeps its connections and looks well for a long time; only this tells.
/// </summary>
public sealed class Echo(
    IBus bus, ActiveScheduler self, IOptions<SchedulerOptions> options, StartupGate gate, TimeProvider time, ILogger<Echo> logger)
    : LoopService(gate, time, logger)
{
    protected override TimeSpan Every => options.Value.WatchEvery;

    protected override Task TurnAsync(CancellationToken cancellationToken) =>
        bus.TryPublishAsync(new SchedulerReported(self.Id), logger, cancellationToken);
}

public sealed class EchoConsumer(ActiveScheduler self, RunnerSilence silence) : IConsumer<SchedulerReported>
{
    public Task Consume(ConsumeContext<SchedulerReported> context)
    {
        if (context.Message.SchedulerId == self.Id)
        {
            silence.HeardOurselves();
        }

        return Task.CompletedTask;
    }
}
