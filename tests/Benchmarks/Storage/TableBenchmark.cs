using System.Diagnostics;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Model;
using MaeLab.Testing.Databases;
using MaeLab.Web.Features.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Benchmarks.Storage;

/// <summary>Pages of the runs table over 100,000 runs, filtered and sorted as the page can.</summary>
public static class TableBenchmark
{
    private const int Experiments = 100;
    private const int RunsPerExperiment = 1000;
    private const int Repetitions = 40;

    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        await using var database = await server.CreateDatabaseAsync(cancellationToken);
        var random = new Random(1);
        Guid experimentId = default;
        for (var number = 0; number < Experiments; number++)
        {
            experimentId = await FillAsync(database, number, random, cancellationToken);
        }

        await using (var db = database.Open())
        {
            await db.Database.ExecuteSqlRawAsync("ANALYZE", cancellationToken);
        }

        var reader = new RunReader(database.Contexts);
        foreach (var (what, query) in new (string, RunQuery)[]
        {
            ("newest first", new()),
            ("by loss", new(Sort: RunSort.Loss, Descending: false)),
            ("completed, by loss", new(States: [RunState.Completed], Sort: RunSort.Loss, Descending: false)),
            ("by linear accuracy", new(Sort: RunSort.LinearAccuracy)),
            ("completed, by linear accuracy", new(States: [RunState.Completed], Sort: RunSort.LinearAccuracy)),
            ("failed, by mask ratio", new(States: [RunState.Failed], Sort: RunSort.MaskRatio)),
            ("experiment's name contains 7, by patch size", new(Text: "study 7", Sort: RunSort.PatchSize)),
            ("of one experiment, by linear accuracy", new(experimentId, Sort: RunSort.LinearAccuracy)),
        })
        {
            var (pages, counts) = await TimesAsync(reader, query, cancellationToken);
            Distribution.Print($"page of {Experiments * RunsPerExperiment:#,0} runs, {what}", pages);
            Distribution.Print("  their number", counts);
        }
    }

    /// <summary>Of the first page and the one after it, and of the count that the table shows.</summary>
    private static async Task<(List<double> Pages, List<double> Counts)> TimesAsync(RunReader reader, RunQuery query, CancellationToken cancellationToken)
    {
        var (pages, counts) = (new List<double>(), new List<double>());
        for (var repetition = 0; repetition <= Repetitions; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            var page = await reader.ListAsync(query, cancellationToken);
            var first = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            var cursor = RunCursor.TryParse(page.NextCursor, out var next) ? next : throw new InvalidOperationException($"'{query}' has one page only.");
            start = Stopwatch.GetTimestamp();
            await reader.ListAsync(query with { Cursor = cursor }, cancellationToken);
            var second = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            start = Stopwatch.GetTimestamp();
            await reader.CountAsync(query, cancellationToken);
            if (repetition > 0) // the first one compiles and warms up everything
            {
                pages.AddRange([first, second]);
                counts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return (pages, counts);
    }

    private static async Task<Guid> FillAsync(TestDatabase database, int number, Random random, CancellationToken cancellationToken)
    {
        await using var db = database.Open();
        var experiment = SampleRuns.Experiment();
        (experiment.Name, experiment.RunCount) = ($"study {number}", RunsPerExperiment);
        db.Add(experiment);
        RunState[] states = [RunState.Completed, RunState.Completed, RunState.Completed, RunState.Failed, RunState.Queued];
        for (var index = 0; index < RunsPerExperiment; index++)
        {
            var run = SampleRuns.Run(experiment.Id, index);
            (run.MaskRatio, run.PatchSize, run.Seed) = (random.Next(1, 20) / 20.0, random.Next(1, 8), random.Next());
            run.State = states[random.Next(states.Length)];
            run.Loss = run.State == RunState.Queued ? null : random.NextDouble();
            db.Add(run);
            if (run.State == RunState.Completed)
            {
                var series = new SeriesRow { RunId = run.Id, Name = SeriesNames.LinearAccuracy };
                db.Add(series);
                db.Add(new MetricSummaryRow
                {
                    SeriesId = (number * RunsPerExperiment) + index + 1,
                    RunId = run.Id,
                    Name = SeriesNames.LinearAccuracy,
                    Attempt = 1,
                    Count = 1,
                    Last = random.NextDouble(),
                });
                series.Id = (number * RunsPerExperiment) + index + 1;
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        return experiment.Id;
    }
}
