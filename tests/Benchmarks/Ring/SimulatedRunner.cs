using System.Collections.Concurrent;
using System.Diagnostics;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Runs;
using MassTransit;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// A runner as the ring sees it: it reports, takes orders, says how far its run is and stores how it ended, at a real runner's
/// pace. What it does not do is train: its runs take the time they are given, and leave no metrics.
/// </summary>
internal sealed class SimulatedRunner(IBus bus, RunResultStore results, TimeSpan training, FleetTimes times)
{
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(0.5);

    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly SemaphoreSlim _saying = new(1, 1);
    private readonly ConcurrentQueue<Task> _trainings = new();
    private long _sequence;
    private HeldAttempt? _held;
    private long _freeSince = Stopwatch.GetTimestamp();

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Reports until told to end.</summary>
    public async Task LiveAsync(CancellationToken cancellationToken)
    {
        // Machines are not switched on all in the same moment.
        await Task.Delay(s_reportEvery * Random.Shared.NextDouble(), cancellationToken);
        using var timer = new PeriodicTimer(s_reportEvery);
        do
        {
            await ReportAsync(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    public async Task TakeAsync(StartRun order, CancellationToken cancellationToken)
    {
        times.Started(Stopwatch.GetElapsedTime(_freeSince).TotalMilliseconds, order.Attempt);
        _held = new(order.RunId, order.Attempt);
        await ReportAsync(cancellationToken);
        _trainings.Enqueue(TrainAsync(order, cancellationToken));
    }

    /// <summary>Throws what a training threw.</summary>
    public Task EndAsync() => Task.WhenAll(_trainings);

    private async Task TrainAsync(StartRun order, CancellationToken cancellationToken)
    {
        await bus.Publish(new RunStarted(order.RunId, order.ExperimentId, order.Attempt, Id, DateTimeOffset.UtcNow, TotalSteps: 1), cancellationToken);
        var steps = (long)(training / s_progressEvery);
        for (var step = 1L; step <= steps; step++)
        {
            await Task.Delay(s_progressEvery, cancellationToken);
            await bus.Publish(
                new RunProgressed(order.RunId, order.ExperimentId, order.Attempt, step, DateTimeOffset.UtcNow, step, steps, (double)step / steps, Loss: 1, ImagesPerSecond: 1),
                cancellationToken);
        }

        await results.SaveOutcomeAsync(
            new() { RunId = order.RunId, Attempt = order.Attempt, Outcome = AttemptOutcome.Completed, Step = steps, EndedAt = DateTimeOffset.UtcNow }, cancellationToken);
        _held = null;
        _freeSince = Stopwatch.GetTimestamp();
        await bus.Publish(new RunEnded(order.RunId, order.ExperimentId, order.Attempt, Id), cancellationToken);
        await ReportAsync(cancellationToken);
    }

    /// <summary>One after another: the sequence is the order in which they are said.</summary>
    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        await _saying.WaitAsync(cancellationToken);
        try
        {
            await bus.Publish(
                new RunnerReported(
                    Id, "simulated", _startedAt, ++_sequence, DateTimeOffset.UtcNow, Slots: 1, _held is { } held ? [held] : [], "cpu", Cores: 1, MemoryBytes: 1L << 36,
                    GigaflopsPerSecond: 1, [new("fashion-mnist-sample", 1, 28, 10, 8000, 2000)], Draining: false),
                cancellationToken);
        }
        finally
        {
            _saying.Release();
        }
    }
}
