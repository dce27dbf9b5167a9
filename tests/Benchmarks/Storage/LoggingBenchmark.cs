using System.Diagnostics;
using System.Globalization;
using MaeLab.Domain.Metrics;
using MaeLab.Runner.Telemetry;

namespace MaeLab.Benchmarks.Storage;

/// <summary>What a logged point costs the training thread: with somebody who takes the points away, and with nobody, as while the disk hangs.</summary>
public static class LoggingBenchmark
{
    private const int Points = 2_000_000;
    private const int Rounds = 7;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        List<double> taken = [], left = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var (beside, alone) = (await MeasureAsync(take: true, cancellationToken), await MeasureAsync(take: false, cancellationToken));
            if (round > 0) // the first one compiles
            {
                (taken, left) = ([.. taken, beside], [.. left, alone]);
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"logged point: {Distribution.Median(taken):F0} ns with the shipper taking them, {Distribution.Median(left):F0} ns with nobody taking them (medians of {Rounds} rounds of {Points / 1e6:F0} million)"));
    }

    /// <returns>Nanoseconds a point.</returns>
    private static async Task<double> MeasureAsync(bool take, CancellationToken cancellationToken)
    {
        var queue = new ShippingQueue();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var taking = take ? TakeAsync(queue, over.Token) : Task.CompletedTask;
        var start = Stopwatch.GetTimestamp();
        for (var step = 0; step < Points; step++)
        {
            queue.Add(new MetricPoint(SeriesNames.TrainLoss, step, step));
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        await over.CancelAsync();
        await taking;
        return elapsed.TotalNanoseconds / Points;
    }

    private static async Task TakeAsync(ShippingQueue queue, CancellationToken over)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                queue.TakePoints();
            }
        }
        catch (OperationCanceledException)
        {
            // Measured.
        }
    }
}
