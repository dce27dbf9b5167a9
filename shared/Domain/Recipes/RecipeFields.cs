namespace MaeLab.Domain.Recipes;

/// <summary>Every field of a recipe, in the order of the form.</summary>
public static class RecipeFields
{
    public static IReadOnlyList<RecipeField> All => throw new NotImplementedException();

    /// <returns>Null where there is no such field.</returns>
    public static RecipeField? Find(string path) => All.FirstOrDefault(field => field.Path == path);
}
