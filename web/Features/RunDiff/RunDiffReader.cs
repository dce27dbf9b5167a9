using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Metrics;
using MaeLab.Web.Features.Runs;
using MaeLab.Web.Presentation;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.RunDiff;

/// <summary>Reads a few runs to compare their recipes and what they came to.</summary>
public sealed class RunDiffReader(IDbContextFactory<MaeLabDb> databases, RunReader runs)
{
    public const int Fewest = 2;
    public const int Most = 8;

    /// <returns>In the order of the ids; without those that are gone.</returns>
    public async Task<RunDiff> ReadAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var found = await runs.FindAsync(ids, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.Runs.Where(run => ids.Contains(run.Id)).Select(run => new { run.Id, run.Recipe }).ToDictionaryAsync(run => run.Id, run => run.Recipe, cancellationToken);
        var values = (await db.Measured(db.Runs.Where(run => ids.Contains(run.Id)))
            .Select(measured => new { measured.RunId, measured.Name, measured.Last }).ToListAsync(cancellationToken))
            .ToDictionary(measured => (measured.RunId, measured.Name), measured => Format.Finite(measured.Last));
        // One that was deleted between the two reads is shown no more.
        List<RunSummary> shown = [.. found.Where(run => rows.ContainsKey(run.Id))];
        var recipes = shown.ConvertAll(run => RecipeJson.Read(rows[run.Id]));
        return new(
            shown,
            [.. RecipeFields.All.Select(field => new DiffField(field, recipes.ConvertAll(recipe => RecipeJson.Get(recipe, field.Path))))],
            [.. values.Keys.Select(key => key.Name).Distinct().Where(name => !name.StartsWith("progress/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .Select(name => new DiffMetric(MetricInfo.Of(name), shown.ConvertAll(run => values.GetValueOrDefault((run.Id, name)))))]);
    }
}
