using CsCheck;
using MaeLab.Domain.Metrics;
using MaeLab.Storage.Metrics;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Storage.Tests.Metrics;

/// <summary>Whatever happens to the shipper, what counts is read back: no point lost, none doubled.</summary>
public abstract class MetricHistoryTests(ITestDatabases databases) : DatabaseTests(databases)
{
    private static readonly string[] s_names = ["train/loss", "probe/x", "progress/epoch"];

    [Fact]
    public Task Any_history_is_read_back_as_it_was() => MetricEvent.Histories.SampleAsync(
        async events =>
        {
            var run = await Database.AddRunAsync(Token);
            var history = await PlayAsync(run, events);
            foreach (var name in s_names)
            {
                var expected = history.Counting(name);
                Assert.Equal(expected, await new MetricReader(Database.Contexts).ReadPointsAsync(run, name, -1, int.MaxValue, Token));
                await CheckSummaryAsync(run, name, expected);
                await CheckViewAsync(run, name, expected);
                await CheckCurveAsync(run, name, expected);
            }
        },
        iter: 100, threads: 1);

    protected virtual Task CheckViewAsync(Guid run, string name, List<MetricPoint> expected) => Task.CompletedTask;

    private async Task<MetricHistory> PlayAsync(Guid run, MetricEvent[] events)
    {
        var commits = new FailingCommits();
        var contexts = DatabaseFactory.Create(Database.Options, null, commits);
        var history = new MetricHistory();
        var writer = await MetricWriter.OpenAsync(contexts, run, 1, 0, Token);
        var stored = 0;
        foreach (var next in events.Append(new MetricEvent.Flush(CommitFailure.None)))
        {
            switch (next)
            {
                case MetricEvent.Record record:
                    var points = Points(record, history.LastStep(s_names[record.Series]));
                    history.Own.AddRange(points);
                    writer.Add(points);
                    break;

                case MetricEvent.Flush flush:
                    commits.Next = flush.Failure;
                    try
                    {
                        await writer.FlushAsync(Token);
                        stored = history.Own.Count;
                    }
                    catch (BrokenConnectionException) when (flush.Failure == CommitFailure.After)
                    {
                        stored = history.Own.Count;
                    }
                    catch (BrokenConnectionException)
                    {
                        // Nothing was stored; the next flush will.
                    }

                    commits.Next = CommitFailure.None;
                    break;

                case MetricEvent.Restart restart:
                    writer = await MetricWriter.OpenAsync(contexts, run, history.Attempt, history.RestoreStep, Token);
                    writer.Add(history.Own.Skip(Math.Max(0, stored - restart.Overlap)));
                    break;

                case MetricEvent.Takeover takeover:
                    history.TakeOver(stored, takeover.Back);
                    await Database.BeginAttemptAsync(run, history.Attempt, history.RestoreStep, Token);
                    await Assert.ThrowsAsync<FenceLostException>(async () =>
                    {
                        writer.Add([new("probe/late", history.RestoreStep + 10_000, 0)]);
                        await writer.FlushAsync(Token);
                    });
                    writer = await MetricWriter.OpenAsync(contexts, run, history.Attempt, history.RestoreStep, Token);
                    stored = 0;
                    break;

                default:
                    throw new InvalidOperationException($"Unknown event {next}.");
            }
        }

        return history;
    }

    private static List<MetricPoint> Points(MetricEvent.Record record, long last)
    {
        var points = new List<MetricPoint>();
        foreach (var (gap, value) in record.Gaps.Zip(record.Values))
        {
            points.Add(new MetricPoint(s_names[record.Series], last += gap, value));
        }

        return points;
    }

    private async Task CheckSummaryAsync(Guid run, string name, List<MetricPoint> expected)
    {
        await using var db = Database.Open();
        var summary = await db.MetricSummaries.SingleOrDefaultAsync(s => s.RunId == run && s.Name == name, Token);
        if (expected.Count == 0)
        {
            Assert.Null(summary);
            return;
        }

        var numbers = expected.Select(p => p.Value).Where(v => !double.IsNaN(v)).DefaultIfEmpty(double.NaN).ToList();
        Assert.NotNull(summary);
        Assert.Equal(
            (expected.Count, expected[^1].Step, expected[^1].Value, numbers.Min(), numbers.Max()),
            (summary.Count, summary.LastStep, summary.Last, summary.Min, summary.Max));
    }

    /// <summary>From points and from summaries: the same points are behind both.</summary>
    private async Task CheckCurveAsync(Guid run, string name, List<MetricPoint> expected)
    {
        foreach (var fewPoints in new[] { 0, int.MaxValue })
        {
            var reader = new MetricReader(Database.Contexts) { FewPoints = fewPoints };
            var curves = await reader.ReadCurvesAsync(new([run], [name], Buckets: 4), Token);
            var curve = curves.SingleOrDefault()?.Curve ?? Curve.Empty(name);
            Assert.Equal(expected.Count, curve.Count);
            Assert.Equal(Largest(expected.Select(p => p.Value)), Largest(curve.Max));
            Assert.Equal(-Largest(expected.Select(p => -p.Value)), -Largest(curve.Min.Select(v => -v)));
        }
    }

    private static double Largest(IEnumerable<double> values) => values.Aggregate(double.NaN, double.MaxNumber);
}

public sealed class MetricHistoryOnPostgres(PostgresServer server) : MetricHistoryTests(server)
{
    protected override async Task CheckViewAsync(Guid run, string name, List<MetricPoint> expected)
    {
        await using var db = Database.Open();
        var rows = await db.Database.SqlQuery<ViewRow>(
            $"SELECT series, step, value FROM metric_points WHERE run_id = {run} AND series = {name} ORDER BY step, attempt").ToListAsync(Token);
        Assert.Equal(expected, rows.Select(r => new MetricPoint(r.Series, r.Step, r.Value)));
    }

    private sealed record ViewRow(string Series, long Step, double Value);
}

public sealed class MetricHistoryOnSqlite(SqliteFiles files) : MetricHistoryTests(files);
