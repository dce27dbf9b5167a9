using System.Collections.Concurrent;
using System.Diagnostics;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Runs;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Benchmarks.Ring;

/// <summary>
/// A runner as the ring sees it: it reports, takes orders, says how far its run is, stores metrics and how it ended, at a real runner's
/// pace. What it does not do is train: its runs take the time they are given, and leave neither images nor checkpoints.
/// </summary>
internal sealed class SimulatedRunner(IBus bus, IDbContextFactory<MaeLabDb> databases, TimeSpan training, FleetTimes times)
{
    /// <summary>Each of them gets ten points a second.</summary>
    private const int SeriesCount = 8;
    private const int StepsBetween = 5;

    private static readonly TimeSpan s_reportEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_progressEvery = TimeSpan.FromSeconds(0.5);

    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly SemaphoreSlim _saying = new(1, 1);
    private readonly ConcurrentQueue<Task> _trainings = new();
    private readonly RunResultStore _results = new(databases);
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
        // Half to one and a half times as long: a fleet that began together does not end together.
        var steps = (long)(training * (0.5 + Random.Shared.NextDouble()) / s_progressEvery);
        var writer = await MetricWriter.OpenAsync(databases, order.RunId, order.Attempt, restoreStep: 0, cancellationToken);
        for (var step = 1L; step <= steps; step++)
        {
            await Task.Delay(s_progressEvery, cancellationToken);
            writer.Add(PointsUpTo(step));
            await writer.FlushAsync(cancellationToken);
            times.Stored(SeriesCount * StepsBetween);
            await bus.Publish(
                new RunProgressed(order.RunId, order.ExperimentId, order.Attempt, step, DateTimeOffset.UtcNow, step, steps, (double)step / steps, Loss: 1, ImagesPerSecond: 1),
                cancellationToken);
        }

        await _results.SaveOutcomeAsync(
            new() { RunId = order.RunId, Attempt = order.Attempt, Outcome = AttemptOutcome.Completed, Step = steps, EndedAt = DateTimeOffset.UtcNow }, cancellationToken);
        _held = null;
        _freeSince = Stopwatch.GetTimestamp();
        await bus.Publish(new RunEnded(order.RunId, order.ExperimentId, order.Attempt, Id), cancellationToken);
        await ReportAsync(cancellationToken);
    }

    private static IEnumerable<MetricPoint> PointsUpTo(long progress) =>
        from step in Enumerable.Range(1, StepsBetween)
        from series in Enumerable.Range(1, SeriesCount)
        select new MetricPoint($"train/series_{series}", ((progress - 1) * StepsBetween) + step, 1.0 / step);

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
            times.Reported();
            _saying.Release();
        }
    }
}
