using System.Text.Json;
using System.Text.Json.Nodes;
using MaeLab.Domain;
using MaeLab.Domain.Recipes;

namespace MaeLab.Runner.Verbs;

internal static class RecipeFile
{
    private const string PresetField = "preset";

    /// <summary>Reads a recipe in the shape of the API. Whether a data set can be read shows when it is opened.</summary>
    /// <param name="datasets">What the recipe may name.</param>
    public static Checked<Recipe> Read(string path, IReadOnlyDictionary<string, DatasetInfo> datasets)
    {
        JsonObject part;
        try
        {
            part = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("A recipe is a JSON object.");
        }
        catch (JsonException error)
        {
            return new List<FieldError> { new(path, error.Message) };
        }

        var preset = part[PresetField]?.ToString() ?? Presets.Default;
        part.Remove(PresetField);
        var recipe = RecipeJson.Fill(preset, part);
        if (!recipe.IsValid)
        {
            return recipe;
        }

        var errors = RecipeValidator.Validate(recipe.Value, datasets);
        return errors.Count > 0 ? errors.ToList() : recipe;
    }
}
