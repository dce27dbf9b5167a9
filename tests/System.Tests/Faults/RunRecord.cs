using System.Globalization;
using System.Text.Json.Nodes;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Metrics;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.System.Tests.Faults;

/// <summary>
/// What a completed run has left, one line a fact, in an order that only depends on the run: two runs of one recipe have
/// equal records, whatever happened to them on the way.
/// </summary>
internal static class RunRecord
{
    /// <summary>Their values are times of this machine; their steps count all the same.</summary>
    private static readonly string[] s_measured = [SeriesNames.ElapsedSeconds, SeriesNames.ImagesPerSecond, SeriesNames.DataWait];

    /// <summary>Sampled on a timer: not even their steps are the same twice.</summary>
    private static readonly string[] s_sampled = [SeriesNames.CpuCores, SeriesNames.Memory, SeriesNames.GpuUtilisation, SeriesNames.GpuMemory];

    /// <summary>Every other experiment has left what that of the reference has, run by run.</summary>
    public static async Task AssertAllLikeAsync(Guid reference, FaultRing ring, RingApi api, CancellationToken cancellationToken)
    {
        await using var db = await ring.Contexts.CreateDbContextAsync(cancellationToken);
        var runs = await db.Runs.AsNoTracking().Select(run => new { run.Id, run.ExperimentId, run.Index }).ToListAsync(cancellationToken);
        foreach (var alike in runs.GroupBy(run => run.Index))
        {
            var expected = await ReadAsync(ring, api, alike.Single(run => run.ExperimentId == reference).Id, cancellationToken);
            foreach (var run in alike.Where(run => run.ExperimentId != reference))
            {
                var actual = await ReadAsync(ring, api, run.Id, cancellationToken);
                var differences = expected.Except(actual).Select(line => $"missing: {line}").Concat(actual.Except(expected).Select(line => $"new: {line}"));
                Assert.True(
                    expected.SequenceEqual(actual),
                    $"Run {run.Id} is not as without faults ({actual.Count} lines for {expected.Count}). {string.Join('\n', differences.Take(20))}{ring.Output}");
            }
        }
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(FaultRing ring, RingApi api, Guid runId, CancellationToken cancellationToken)
    {
        await using var db = await ring.Contexts.CreateDbContextAsync(cancellationToken);
        List<string> lines = [];
        var outcomes = await db.AttemptOutcomes.AsNoTracking().Where(row => row.RunId == runId && row.Outcome == AttemptOutcome.Completed).ToListAsync(cancellationToken);
        lines.AddRange(outcomes.Select(row => $"completed at step {row.Step}, weights {row.WeightsSha256}"));

        var metrics = new MetricReader(ring.Contexts);
        foreach (var name in (await metrics.ListNamesAsync([runId], cancellationToken)).Except(s_sampled))
        {
            var points = await metrics.ReadPointsAsync(runId, name, afterStep: -1, limit: int.MaxValue, cancellationToken);
            var summary = await db.MetricSummaries.AsNoTracking().SingleAsync(row => row.RunId == runId && row.Name == name, cancellationToken);
            lines.Add($"{name}: summary of {summary.Count} points up to {summary.LastStep}");
            lines.AddRange(points.Select(point => s_measured.Contains(name)
                ? $"{name} {point.Step}"
                : string.Create(CultureInfo.InvariantCulture, $"{name} {point.Step} {point.Value:R}")));
        }

        lines.AddRange(await ListAsync(api, $"runs/{runId}/images", "step", "kind", "galleryIndex"));
        lines.AddRange(await ListAsync(api, $"runs/{runId}/classifications", "probe", "step", "value"));
        lines.AddRange((await ListAsync(api, $"runs/{runId}/checkpoints", "final", "step")).Where(line => line.Contains("true", StringComparison.Ordinal)));
        return lines;
    }

    private static async Task<IEnumerable<string>> ListAsync(RingApi api, string path, params IReadOnlyList<string> fields) =>
        (await api.ListAsync(path)).Select(item => $"{path.Split('/')[^1]}: {string.Join(' ', fields.Select(field => (item as JsonObject)?[field]?.ToJsonString()))}");
}
