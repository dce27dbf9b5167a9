using MaeLab.Domain.Recipes;
using MaeLab.Storage.Model;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.Runs;

/// <summary>Only runs whose recipe has this level.</summary>
/// <param name="Literal">As JSON; <c>null</c>: runs without a value.</param>
public sealed record LevelFilter(RecipeField Field, string Literal)
{
    /// <summary>As addresses have it: <c>encoder.width:64</c>.</summary>
    public string Word => $"{Field.Path}:{Format.Literal(Literal)}";

    public string Label => $"{Field.Label} {Format.Literal(Literal)}";

    /// <returns>Null where it names no field, or a level that the field cannot have.</returns>
    public static LevelFilter? Parse(string word)
    {
        var parts = word.Split(':', 2);
        if (parts is not [var path, var level] || RecipeFields.Find(path) is not { } field)
        {
            return null;
        }

        // Text as it is shown; a field that is left out by its recipes is none.
        var json = level == "none" ? null : FieldText.ToJson(path, level);
        if (json is null)
        {
            return new(field, "null");
        }

        var recipe = RecipeJson.With(Presets.Find(Presets.Default)!, path, json.ToJsonString());
        return recipe.IsValid ? new(field, RecipeJson.Get(recipe.Value, path)) : null;
    }

    internal IQueryable<RunRow> Apply(IQueryable<RunRow> runs)
    {
        var keyed = runs.Keyed(Field);
        if (Literal == "null")
        {
            return keyed.Where(run => run.Number == null && run.Text == null).Select(run => run.Run);
        }

        if (Field.IsNumber())
        {
            var number = double.Parse(Literal, System.Globalization.CultureInfo.InvariantCulture);
            return keyed.Where(run => run.Number == number).Select(run => run.Run);
        }

        var texts = Field.TextsOf(Literal);
        return keyed.Where(run => texts.Contains(run.Text!)).Select(run => run.Run);
    }
}
