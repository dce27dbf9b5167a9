using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Ablations;

/// <summary>
/// Checks the recipe of every cell and says of each error once where it comes from: the base recipe, one level, or a
/// combination of levels.
/// </summary>
internal sealed class CellErrors(
    Recipe baseRecipe, IReadOnlyList<Factor> factors, IReadOnlyList<int[]> cells, IReadOnlyDictionary<string, DatasetInfo> datasets)
{
    /// <param name="recipes">Of the cells, in their order.</param>
    /// <param name="limit">Largest number of distinct errors to explain.</param>
    public IEnumerable<FieldError> Find(IReadOnlyList<Recipe> recipes, int limit)
    {
        var cellsByError = new Dictionary<FieldError, List<int>>();
        for (var cell = 0; cell < recipes.Count; cell++)
        {
            foreach (var error in RecipeValidator.Validate(recipes[cell], datasets))
            {
                if (!cellsByError.TryGetValue(error, out var where))
                {
                    cellsByError.Add(error, where = []);
                }

                where.Add(cell);
            }
        }

        return cellsByError.Take(limit).SelectMany(pair => Explain(pair.Key, pair.Value));
    }

    private List<FieldError> Explain(FieldError error, List<int> where)
    {
        var everywhere = where.Count == cells.Count;
        if (everywhere && factors.All(factor => factor.Field.Path != error.Field) && HasError(baseRecipe, error))
        {
            return [error with { Field = "base." + error.Field }];
        }

        var found = new List<FieldError>();
        var unexplained = where.ToHashSet();
        var failures = Enumerable.Range(0, factors.Count).Select(f => CountByLevel(f, where)).ToList();
        var totals = Enumerable.Range(0, factors.Count).Select(f => CountByLevel(f, Enumerable.Range(0, cells.Count))).ToList();

        // The field's own axis first, then the axis whose levels explain most.
        int Explained(int f) => Enumerable.Range(0, factors[f].Levels.Count).Sum(l => failures[f][l] == totals[f][l] ? failures[f][l] : 0);
        var order = Enumerable.Range(0, factors.Count).OrderByDescending(f => factors[f].Field.Path == error.Field).ThenByDescending(Explained);
        foreach (var f in order)
        {
            for (var level = 0; level < factors[f].Levels.Count; level++)
            {
                var sufficient = failures[f][level] > 0 && failures[f][level] == totals[f][level]
                    && (!everywhere || factors[f].Field.Path == error.Field || HasError(factors[f].Apply(baseRecipe, level), error));
                if (sufficient && unexplained.RemoveWhere(cell => cells[cell][f] == level) > 0)
                {
                    found.Add(error with { Field = factors[f].ErrorField(level) });
                }
            }
        }

        if (unexplained.Count > 0)
        {
            found.Add(OfCombination(error, unexplained.Min()));
        }

        return found;
    }

    private FieldError OfCombination(FieldError error, int cell)
    {
        var levels = factors.Select((factor, f) => $"{factor.Field.Path} {factor.Levels[cells[cell][f]].Literal}");
        var own = Enumerable.Range(0, factors.Count).FirstOrDefault(f => factors[f].Field.Path == error.Field, -1);
        var field = own >= 0 ? factors[own].ErrorField(cells[cell][own]) : "axes";
        return new(field, $"{error.Message} This is so for the combination {string.Join(", ", levels)}.");
    }

    private int[] CountByLevel(int factor, IEnumerable<int> among)
    {
        var counts = new int[factors[factor].Levels.Count];
        foreach (var cell in among)
        {
            counts[cells[cell][factor]]++;
        }

        return counts;
    }

    private bool HasError(Recipe recipe, FieldError error) => RecipeValidator.Validate(recipe, datasets).Contains(error);
}
