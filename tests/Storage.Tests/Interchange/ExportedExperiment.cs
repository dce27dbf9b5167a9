using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using MaeLab.Storage.Tests.Upgrades;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Interchange;

/// <summary>Points of some series of a run, said as directly as possible.</summary>
internal sealed record ExportedSeries(string Name, long[] Steps, double[] Values);

/// <summary>An experiment with hostile names and any numbers.</summary>
internal sealed record ExportedExperiment(string Name, ExportedSeries[][] Runs)
{
    public static readonly DateTimeOffset Began = SampleRuns.Noon.AddMicroseconds(123_456);

    private static readonly string[] s_names = ["plain", "a,b", "say \"no\"", "two\r\nlines", "=cmd|'/c calc'!A1", "é — 你好 🜁", "../../etc/passwd", " ", "<script>"];

    private static readonly double[] s_special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 5e-324, double.MaxValue, -0.0, 0.1];

    private static readonly Gen<double> s_value = Gen.Frequency((6, Gen.Double), (1, Gen.Int[0, s_special.Length - 1].Select(i => s_special[i])));

    private static readonly Gen<(long[], double[])> s_points = Gen.Int[1, 400].SelectMany(count => Gen.Select(
        Gen.Int[1, 3].Array[count].Select(gaps => gaps.Select((_, i) => gaps.Take(i + 1).Sum(gap => (long)gap)).ToArray()), s_value.Array[count]));

    public static Gen<ExportedExperiment> Any { get; } = Gen.Select(
        Gen.Int[0, s_names.Length - 1],
        s_points.Array[0, 3].Select(series => series.Select((points, i) => new ExportedSeries(i == 0 ? "train/loss" : $"odd {s_names[^i]}/{i}", points.Item1, points.Item2))
            .OrderBy(one => one.Name, StringComparer.Ordinal).ToArray()).Array[1, 3],
        (name, runs) => new ExportedExperiment(s_names[name], runs));

    public static string LevelsOf(int index) => index % 2 == 0 ? """{"maskRatio":0.75,"target":"pixels"}""" : """{"maskRatio":null,"target":"say \"no\", twice"}""";

    public async Task<Guid> AddAsync(TestDatabase database, CancellationToken cancellationToken)
    {
        await using var db = database.Open();
        var experiment = SampleRuns.Experiment();
        experiment.Name = Name;
        var rows = Runs.Select((_, i) =>
        {
            var run = SampleRuns.Run(experiment.Id, i);
            (run.Levels, run.Recipe, run.Seed, run.CellIndex, run.TotalSteps, run.State) = (LevelsOf(i), ReleasedSchema.Recipe, 40 + i, i, 100, RunState.Completed);
            return run;
        }).ToList();
        db.Add(experiment);
        db.AddRange(rows);
        await db.SaveChangesAsync(cancellationToken);
        for (var i = 0; i < rows.Count; i++)
        {
            await database.BeginAttemptAsync(rows[i].Id, 1, restoreStep: 0, cancellationToken);
            await db.RunAttempts.Where(attempt => attempt.RunId == rows[i].Id).ExecuteUpdateAsync(attempt => attempt.SetProperty(row => row.StartedAt, Began), cancellationToken);
            var writer = await MetricWriter.OpenAsync(database.Contexts, rows[i].Id, attempt: 1, restoreStep: 0, cancellationToken);
            writer.Add(Runs[i].SelectMany(series => series.Steps.Zip(series.Values, (step, value) => new MetricPoint(series.Name, step, value))));
            await writer.FlushAsync(cancellationToken);
        }

        return experiment.Id;
    }

    /// <summary>A line a point: index of the run, series, step and value, in the order of the files.</summary>
    public IEnumerable<(int Index, string Series, long Step, double Value)> Lines() => Runs.SelectMany((run, index) => run.SelectMany(series =>
        series.Steps.Zip(series.Values, (step, value) => (index, series.Name, step, value))));
}
