using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Engine.Training;
using MaeLab.Hosting.Telemetry;
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
    private bool _ending;

    /// <summary>An attempt came or went; what the scheduler knows of us is out of date.</summary>
    public event Action? Changed;

    /// <summary>No work is taken: the process is about to end, or first stores what an earlier one has left.</summary>
    public bool Draining
    {
        get
        {
            lock (_lock)
            {
                return _ending || _held.Values.Any(entry => entry.Execution is null);
            }
        }
    }

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
            Hold(key, execution, execution.RunAsync);
        }

        Changed?.Invoke();
    }

    /// <summary>Holds an attempt of an earlier process while what it left is stored; then lets it go.</summary>
    internal void Hold(HeldAttempt attempt, Func<CancellationToken, Task<RunEnded?>> replay)
    {
        lock (_lock)
        {
            Hold(attempt, execution: null, replay);
        }
    }

    public void Stop(HeldAttempt attempt, StopRequest stop)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(attempt, out var entry))
            {
                entry.Execution?.Stop(stop);
            }
        }
    }

    /// <summary>Stops every attempt with a checkpoint and waits until their outcomes are stored; past the token they are abandoned.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        List<Entry> held;
        lock (_lock)
        {
            _ending = true;
            held = [.. _held.Values];
        }

        Changed?.Invoke();
        foreach (var entry in held)
        {
            if (entry.Execution is { } execution)
            {
                execution.Stop(StopRequest.SaveAndStop);
            }
            else
            {
                // What is left is as safe as before, for the next life.
                await entry.Abandon.CancelAsync();
            }
        }

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

    /// <summary>Within the lock.</summary>
    private void Hold(HeldAttempt key, AttemptExecution? execution, Func<CancellationToken, Task<RunEnded?>> run)
    {
        // Not disposed anywhere: without a timer there is nothing to free, and a drain may still hold it when the run ends.
        var abandon = new CancellationTokenSource();
        _held[key] = new(execution, abandon, Task.Run(() => RunAsync(key, run, abandon.Token)));
    }

    private async Task RunAsync(HeldAttempt key, Func<CancellationToken, Task<RunEnded?>> run, CancellationToken abandoned)
    {
        RunEnded? ended;
        try
        {
            ended = await run(abandoned);
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
            using var step = RunTrace.Start("end attempt", ended.ExperimentId, ended.RunId, ended.Attempt);
            outbox.Post(ended);
        }

        Changed?.Invoke();
    }

    /// <param name="Execution">Null where an earlier process trained, and only the storing is left.</param>
    private sealed record Entry(AttemptExecution? Execution, CancellationTokenSource Abandon, Task Ended);

    [LoggerMessage(LogLevel.Warning, "Run {RunId}: attempt {Attempt} refused, {Held} of {Slots} slots are taken (draining: {Draining})")]
    private partial void LogRefused(Guid runId, int attempt, int held, int slots, bool draining);
}
