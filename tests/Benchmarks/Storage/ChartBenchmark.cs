using System.Diagnostics;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;

namespace MaeLab.Benchmarks.Storage;

/// <summary>Curves of 50 runs of 100,000 points as the charts ask for them: everything in 1,000 buckets, and a stretch zoomed into.</summary>
public static class ChartBenchmark
{
    private const int Runs = 50;
    private const int Points = 100_000;
    private const int StepsPerEpoch = 1000;
    private const int Repetitions = 40;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        await using var database = await server.CreateDatabaseAsync(cancellationToken);
        var runIds = new List<Guid>();
        for (var run = 0; run < Runs; run++)
        {
            runIds.Add(await FillAsync(database, run, cancellationToken));
        }

        var reader = new MetricReader(database.Contexts);
        foreach (var (what, query) in new (string, CurveQuery)[]
        {
            ("whole, against the step", new(runIds, [SeriesNames.TrainLoss])),
            ("whole, against the epoch", new(runIds, [SeriesNames.TrainLoss], SeriesNames.Epoch)),
            ("steps 40,000 to 60,000", new(runIds, [SeriesNames.TrainLoss], From: 40_000, To: 60_000)),
            ("steps 50,000 to 52,000, point by point", new(runIds, [SeriesNames.TrainLoss], From: 50_000, To: 52_000)),
        })
        {
            Distribution.Print($"chart of {Runs} runs x {Points:#,0} points, {what}", await TimesAsync(reader, query, cancellationToken));
        }
    }

    private static async Task<List<double>> TimesAsync(MetricReader reader, CurveQuery query, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            var curves = await reader.ReadCurvesAsync(query, cancellationToken);
            if (curves.Count != Runs)
            {
                throw new InvalidOperationException($"{curves.Count} curves instead of {Runs}.");
            }

            if (repetition > 0) // the first one compiles and warms up everything
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return times;
    }

    private static async Task<Guid> FillAsync(TestDatabase database, int run, CancellationToken cancellationToken)
    {
        var id = await database.AddRunAsync(cancellationToken);
        var writer = await MetricWriter.OpenAsync(database.Contexts, id, attempt: 1, restoreStep: 0, cancellationToken);
        for (var step = 1; step <= Points; step++)
        {
            writer.Add([
                new(SeriesNames.TrainLoss, step, (1 + Math.Sin((step + run) * 12.9898)) / (1 + (step * 1e-3))),
                new(SeriesNames.Epoch, step, (double)step / StepsPerEpoch),
            ]);
        }

        await writer.FlushAsync(cancellationToken);
        return id;
    }
}
