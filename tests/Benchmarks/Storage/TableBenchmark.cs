using System.Diagnostics;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Recipes;
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
            // As autovacuum does within a minute of so many new rows.
            await db.Database.ExecuteSqlRawAsync("VACUUM ANALYZE", cancellationToken);
        }

        var reader = new RunReader(database.Contexts);
        await TableTimesAsync(database, reader, experimentId, cancellationToken);
        var completed = new RunFilter(States: [RunState.Completed]);
        var loss = new RunOrder(RunColumn.Loss, Descending: false);
        var accuracy = new RunOrder(RunColumn.LinearAccuracy, Descending: true);
        var depth = RecipeFields.Find("decoder.depth")!;
        foreach (var (what, query) in new (string, RunQuery)[]
        {
            ("newest first", new(new())),
            ("by loss", new(new(), loss)),
            ("completed, by loss", new(completed, loss)),
            ("by linear accuracy", new(new(), accuracy)),
            ("completed, by linear accuracy", new(completed, accuracy)),
            ("failed, by mask ratio", new(new(States: [RunState.Failed]), RunOrder.Parse("-maskRatio"))),
            ("experiment's name contains 7, by patch size", new(new(Text: "study 7"), RunOrder.Parse("-patchSize"))),
            ("of one experiment, by linear accuracy", new(new(experimentId), accuracy)),
            ("by decoder depth", new(new(), new(RunColumn.OfField(depth), Descending: true))),
            ("of decoder depth 4, by loss", new(new(Levels: [new(depth, "4")]), loss)),
            ("with a tag, by loss", new(new(Tags: ["paper"]), loss)),
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
            await reader.CountAsync(query.Filter, cancellationToken);
            if (repetition > 0) // the first one compiles and warms up everything
            {
                pages.AddRange([first, second]);
                counts.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return (pages, counts);
    }

    /// <summary>What the page itself asks for: windows far down, groups, the fields that differ.</summary>
    private static async Task TableTimesAsync(TestDatabase database, RunReader reader, Guid experimentId, CancellationToken cancellationToken)
    {
        var groups = new RunGroupReader(database.Contexts);
        var differing = new DifferingFields(database.Contexts);
        var loss = new RunOrder(RunColumn.Loss, Descending: false);
        foreach (var (what, work) in new (string, Func<Task>)[]
        {
            ("window at 50,000 by loss", () => reader.WindowAsync(new(), loss, 50_000, 60, cancellationToken)),
            ("window at 99,000, newest first", () => reader.WindowAsync(new(), RunOrder.Newest, 99_000, 60, cancellationToken)),
            ("groups by experiment", () => groups.ReadAsync(new(), RunGroupReader.ByExperiment, cancellationToken)),
            ("groups by cell", () => groups.ReadAsync(new(), RunGroupReader.ByCell, cancellationToken)),
            ("groups by decoder depth", () => groups.ReadAsync(new(), "decoder.depth", cancellationToken)),
            ("all ids", () => reader.IdsAsync(new(), RunOrder.Newest, 0, int.MaxValue, cancellationToken)),
            ("fields that differ", () => differing.FindAsync(new(), cancellationToken)),
            ("fields that differ in one experiment", () => differing.FindAsync(new(experimentId), cancellationToken)),
        })
        {
            var times = new List<double>();
            for (var repetition = 0; repetition <= Repetitions / 2; repetition++)
            {
                var start = Stopwatch.GetTimestamp();
                await work();
                if (repetition > 0)
                {
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }
            }

            Distribution.Print($"table of {Experiments * RunsPerExperiment:#,0} runs, {what}", times);
        }
    }

    private static async Task<Guid> FillAsync(TestDatabase database, int number, Random random, CancellationToken cancellationToken)
    {
        await using var db = database.Open();
        var experiment = SampleRuns.Experiment();
        (experiment.Name, experiment.RunCount) = ($"study {number}", RunsPerExperiment);
        db.Add(experiment);
        RunState[] states = [RunState.Completed, RunState.Completed, RunState.Completed, RunState.Failed, RunState.Queued];
        var recipe = Presets.Find("nano")!;
        for (var index = 0; index < RunsPerExperiment; index++)
        {
            var run = SampleRuns.Run(experiment.Id, index);
            // Three seeds a cell; the rows as wide as they really are.
            var depth = 1 + (index / 3 % 8);
            (run.CellIndex, run.Levels) = (index / 3, $"{{\"decoder.depth\":{depth}}}");
            run.Recipe = RecipeJson.Write(recipe with { Decoder = recipe.Decoder with { Depth = depth } }).ToJsonString();
            (run.MaskRatio, run.PatchSize, run.Seed) = (random.Next(1, 20) / 20.0, random.Next(1, 8), random.Next());
            run.State = states[random.Next(states.Length)];
            run.Loss = run.State == RunState.Queued ? null : random.NextDouble();
            db.Add(run);
            if (index % 10 == 0)
            {
                db.Add(new AnnotationRow { Id = run.Id, RunId = run.Id, Tags = ["paper"], Archived = index % 50 == 0 });
            }

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
