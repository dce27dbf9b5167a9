using System.Text.Json.Nodes;

namespace MaeLab.Domain.Recipes;

/// <summary>Recipes as JSON: filling from a preset, reading and setting fields by dotted path.</summary>
public static class RecipeJson
{
    /// <summary>The preset with the given part laid over it. Unknown fields and wrong types are errors with their path.</summary>
    public static Checked<Recipe> Fill(string preset, JsonObject? part) => throw new NotImplementedException();

    public static JsonObject Write(Recipe recipe) => throw new NotImplementedException();

    public static Recipe Read(string json) => throw new NotImplementedException();

    /// <returns>The field's value as a JSON literal (<c>0.75</c>, <c>"random"</c>, <c>null</c>).</returns>
    public static string Get(Recipe recipe, string path) => throw new NotImplementedException();

    /// <summary>The recipe with one field changed.</summary>
    /// <param name="literal">A JSON literal.</param>
    public static Checked<Recipe> With(Recipe recipe, string path, string literal) => throw new NotImplementedException();
}
