using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

/// <summary>
/// Finds the recipe fields in which runs differ. Runs of one experiment differ in the levels of its factors and the seed alone, so
/// one recipe of each experiment and the levels of each cell tell all, without reading the recipes of all runs.
/// </summary>
public sealed class DifferingFields(IDbContextFactory<MaeLabDb> databases)
{
    public async Task<IReadOnlySet<string>> FindAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var runs = filter.Apply(db);
        var recipes = await db.Experiments.Where(experiment => runs.Any(run => run.ExperimentId == experiment.Id))
            .Select(experiment => runs.Where(run => run.ExperimentId == experiment.Id).OrderBy(run => run.Index).Select(run => run.Recipe).First())
            .ToListAsync(cancellationToken);
        var levels = await runs.Select(run => run.Levels).Distinct().ToListAsync(cancellationToken);
        var seeds = await runs.GroupBy(_ => 1).Select(all => new { Least = all.Min(run => run.Seed), Most = all.Max(run => run.Seed) }).SingleOrDefaultAsync(cancellationToken);

        var read = recipes.ConvertAll(RecipeJson.Read);
        var seen = RecipeFields.All.ToDictionary(field => field.Path, field => read.Select(recipe => RecipeJson.Get(recipe, field.Path)).ToHashSet());
        foreach (var (path, level) in levels.SelectMany(text => JsonNode.Parse(text)!.AsObject()).Where(level => seen.ContainsKey(level.Key)))
        {
            seen[path].Add(level?.ToJsonString() ?? "null");
        }

        var differing = seen.Where(field => field.Value.Count > 1).Select(field => field.Key).ToHashSet();
        return seeds is null || seeds.Least == seeds.Most ? differing : [.. differing, Axis.SeedField];
    }
}
