namespace MaeLab.Domain.Recipes;

/// <summary>Says everything that is wrong with a recipe, field by field.</summary>
public static class RecipeValidator
{
    /// <returns>Empty for a recipe that can be trained. Fields are dotted paths without a prefix (<c>patchSize</c>).</returns>
    public static IReadOnlyList<FieldError> Validate(Recipe recipe, IReadOnlyDictionary<string, DatasetInfo> datasets) =>
        throw new NotImplementedException();
}
