using System.Text.Json.Nodes;
using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

/// <summary>Reads the values of the columns for the runs that are shown, and the columns there are to choose from.</summary>
public sealed class RunColumnReader(IDbContextFactory<MaeLabDb> databases, MetricReader metrics, RunValueReader runValues)
{
    private const int AskedForSeries = 200;

    /// <param name="columns">Those of the run itself are in the summaries already.</param>
    public async Task<IReadOnlyList<RunListItem>> CompleteAsync(
        IReadOnlyList<RunSummary> runs, IReadOnlyList<RunColumn> columns, CancellationToken cancellationToken)
    {
        List<Guid> ids = [.. runs.Select(run => run.Id)];
        var values = ids.ToDictionary(id => id, _ => new JsonObject());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var said = await db.Annotations.AsNoTracking().Where(row => ids.Contains(row.Id))
            .Select(row => new { row.Id, row.Tags, row.Archived }).ToDictionaryAsync(row => row.Id, cancellationToken);
        await AddFieldsAsync(db, values, [.. columns.Where(column => column.Kind == RunColumnKind.Recipe)], cancellationToken);
        await AddMetricsAsync(db, values, [.. columns.Where(column => column.Kind is RunColumnKind.Last or RunColumnKind.Best)], cancellationToken);
        await AddStepsAsync(runs, values, [.. columns.Where(column => column.Kind == RunColumnKind.At)], cancellationToken);
        return [.. runs.Select(run => new RunListItem(run)
        {
            Tags = said.GetValueOrDefault(run.Id)?.Tags ?? [],
            Archived = said.GetValueOrDefault(run.Id)?.Archived ?? false,
            Columns = columns.Count > 0 ? values[run.Id] : null,
        })];
    }

    /// <summary>Names of the series that runs have, but those that others are drawn against. The newest runs tell: all of 100,000 would take a second.</summary>
    public async Task<IReadOnlyList<string>> SeriesAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var newest = await filter.Apply(db).Where(run => run.Step > 0).OrderByDescending(run => run.Id).Take(AskedForSeries).Select(run => run.Id).ToListAsync(cancellationToken);
        return [.. (await metrics.ListNamesAsync(newest, cancellationToken)).Where(name => !name.StartsWith("progress/", StringComparison.Ordinal))];
    }

    private static async Task AddFieldsAsync(
        MaeLabDb db, Dictionary<Guid, JsonObject> values, IReadOnlyList<RunColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
        {
            return;
        }

        var recipes = await db.Runs.Where(run => values.Keys.Contains(run.Id)).Select(run => new { run.Id, run.Recipe }).ToListAsync(cancellationToken);
        foreach (var run in recipes)
        {
            var recipe = RecipeJson.Read(run.Recipe);
            foreach (var column in columns)
            {
                values[run.Id][column.Word] = JsonNode.Parse(RecipeJson.Get(recipe, column.Name));
            }
        }
    }

    private static async Task AddMetricsAsync(
        MaeLabDb db, Dictionary<Guid, JsonObject> values, IReadOnlyList<RunColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
        {
            return;
        }

        var names = columns.Select(column => column.Name).Distinct().ToList();
        var summaries = (await db.Measured(db.Runs.Where(run => values.Keys.Contains(run.Id)))
            .Where(measured => names.Contains(measured.Name)).ToListAsync(cancellationToken))
            .ToDictionary(summary => (summary.RunId, summary.Name));
        foreach (var (run, column) in values.Keys.SelectMany(run => columns, (run, column) => (run, column)))
        {
            var summary = summaries.GetValueOrDefault((run, column.Name));
            values[run][column.Word] = summary is null ? null : Format.Finite(RunValueReader.Stored(column.Kind == RunColumnKind.Best ? ValueKind.Best : ValueKind.Last, column.Name) switch
            {
                MetricValue.Last => summary.Last,
                MetricValue.Min => summary.Min,
                MetricValue.Max => summary.Max,
                var other => throw new InvalidOperationException($"Unknown value {other} of a series."),
            });
        }
    }

    private async Task AddStepsAsync(
        IReadOnlyList<RunSummary> runs, Dictionary<Guid, JsonObject> values, IReadOnlyList<RunColumn> columns, CancellationToken cancellationToken)
    {
        foreach (var column in columns)
        {
            var found = await runValues.AtStepAsync(runs, column.Name, column.Step, cancellationToken);
            foreach (var (run, own) in values)
            {
                own[column.Word] = found.TryGetValue(run, out var value) ? Format.Finite(value) : null;
            }
        }
    }
}
