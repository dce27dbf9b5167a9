using System.Diagnostics;
using System.Threading.Channels;
using MaeLab.Hosting.Bus;
using MassTransit;

namespace MaeLab.Runner.Telemetry;

/// <summary>
/// Facts on their way to the broker, in order. Nobody waits for it: the queue is bounded and drops its oldest, since every
/// fact may be lost.
/// </summary>
public sealed partial class FactOutbox(IBus bus, ILogger<FactOutbox> logger) : BackgroundService
{
    // Several minutes of progress of a few runs; what is older says nothing any more.
    private const int Limit = 1000;

    private readonly Channel<Func<CancellationToken, Task>> _queue = Channel.CreateBounded<Func<CancellationToken, Task>>(
        new BoundedChannelOptions(Limit) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Post<T>(T fact)
        where T : class
    {
        // What it is a part of, for traces: it is sent by another thread, which comes from elsewhere.
        var step = Activity.Current;
        _queue.Writer.TryWrite(cancellationToken =>
        {
            Activity.Current = step;
            return bus.TryPublishAsync(fact, logger, cancellationToken);
        });
    }

    /// <summary>Waits until everything posted so far has been said, but not for long: facts may be lost.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(BusSending.Patience);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Writer.TryWrite(_ =>
        {
            reached.SetResult();
            return Task.CompletedTask;
        });
        try
        {
            await reached.Task.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            LogUnsaid(_queue.Reader.Count);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var send in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            await send(stoppingToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} facts were not said in time; the scheduler will find what they tell in the database")]
    private partial void LogUnsaid(int count);
}
