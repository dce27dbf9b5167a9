using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

internal static class RunRecipes
{
    /// <returns>What each of these runs trains, by its id.</returns>
    public static async Task<IReadOnlyDictionary<Guid, Recipe>> RecipesAsync(this IQueryable<RunRow> runs, CancellationToken cancellationToken)
    {
        var rows = await runs.Select(run => new { run.Id, run.Recipe }).ToListAsync(cancellationToken);
        return rows.ToDictionary(run => run.Id, run => RecipeJson.Read(run.Recipe));
    }
}
