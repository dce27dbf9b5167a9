using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Engine.Training;
using MaeLab.Runner.Telemetry;
using Microsoft.Extensions.Options;

namespace MaeLab.Runner.Execution;

/// <summary>Which attempts this runner has in hand. Booking returns at once; the attempt runs by itself and leaves the book when over.</summary>
public sealed partial class SlotBook(IServiceProvider services, FactOutbox outbox, IOptions<RunnerOptions> options, ILogger<SlotBook> logger)
{
    private static readonly ObjectFactory<AttemptExecution> s_create = ActivatorUtilities.CreateFactory<AttemptExecution>([typeof(StartRun)]);

    /// <summary>A step of a large model takes its time; its thread dies with the process.</summary>
    private static readonly TimeSpan s_afterAbandoning = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<HeldAttempt, Entry> _held = [];

    /// <summary>An attempt came or went; what the scheduler knows of us is out of date.</summary>
    public event Action? Changed;

    /// <summary>No more work is taken; the process is about to end.</summary>
    public bool Draining { get; private set; }

    public IReadOnlyList<HeldAttempt> Held
    {
        get
        {
            lock (_lock)
            {
                return [.. _held.Keys];
            }
        }
    }

    /// <summary>Takes the order, unless it is known already or there is no room: the scheduler finds that out from our next report.</summary>
    public void Book(StartRun start)
    {
        var key = new HeldAttempt(start.RunId, start.Attempt);
        lock (_lock)
        {
            if (_held.ContainsKey(key))
            {
                return;
            }

            if (Draining || _held.Count >= options.Value.Slots)
            {
                LogRefused(start.RunId, start.Attempt, _held.Count, options.Value.Slots, Draining);
                return;
            }

            var execution = s_create(services, [start]);
            // Not disposed anywhere: without a timer there is nothing to free, and a drain may still hold it when the run ends.
            var abandon = new CancellationTokenSource();
            _held[key] = new(execution, abandon, Task.Run(() => RunAsync(key, execution, abandon.Token)));
        }

        Changed?.Invoke();
    }

    public void Stop(HeldAttempt attempt, StopRequest stop)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(attempt, out var entry))
            {
                entry.Execution.Stop(stop);
            }
        }
    }

    /// <summary>Stops every attempt with a checkpoint and waits until their outcomes are stored; past the token they are abandoned.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        List<Entry> held;
        lock (_lock)
        {
            Draining = true;
            held = [.. _held.Values];
        }

        Changed?.Invoke();
        held.ForEach(entry => entry.Execution.Stop(StopRequest.SaveAndStop));
        var ended = Task.WhenAll(held.Select(entry => entry.Ended));
        try
        {
            await ended.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            held.ForEach(entry => entry.Abandon.Cancel());
            await Task.WhenAny(ended, Task.Delay(s_afterAbandoning, CancellationToken.None));
        }
    }

    private async Task RunAsync(HeldAttempt key, AttemptExecution execution, CancellationToken abandoned)
    {
        RunEnded? ended;
        try
        {
            ended = await execution.RunAsync(abandoned);
        }
        finally
        {
            lock (_lock)
            {
                _held.Remove(key);
            }
        }

        // Only now, since the next order may follow at once.
        if (ended is not null)
        {
            outbox.Post(ended);
        }

        Changed?.Invoke();
    }

    private sealed record Entry(AttemptExecution Execution, CancellationTokenSource Abandon, Task Ended);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: attempt {Attempt} refused, {Held} of {Slots} slots are taken (draining: {Draining})")]
    private partial void LogRefused(Guid runId, int attempt, int held, int slots, bool draining);
}
