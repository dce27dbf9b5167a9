using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Features.Runs;

/// <summary>A run in a query beside the value that is filtered, sorted or grouped by: one of the two, or neither where the run has none.</summary>
internal sealed class KeyedRun
{
    public required RunRow Run { get; init; }

    public double? Number { get; init; }

    public string? Text { get; init; }
}

/// <summary>Recipe fields of runs in queries.</summary>
internal static class KeyedRuns
{
    public static bool IsNumber(this RecipeField field) => field.Kind is FieldKind.Integer or FieldKind.Number;

    /// <summary>The typed copies are quicker to read than the recipe.</summary>
    public static IQueryable<KeyedRun> Keyed(this IQueryable<RunRow> runs, RecipeField field) => field.Path switch
    {
        "maskRatio" => runs.Select(run => new KeyedRun { Run = run, Number = run.MaskRatio }),
        "patchSize" => runs.Select(run => new KeyedRun { Run = run, Number = run.PatchSize }),
        "seed" => runs.Select(run => new KeyedRun { Run = run, Number = run.Seed }),
        "dataset.name" => runs.Select(run => new KeyedRun { Run = run, Text = run.Dataset }),
        var path when field.IsNumber() => runs.Select(run => new KeyedRun { Run = run, Number = StoredRecipe.Number(run.Recipe, EF.Constant(path)) }),
        var path => runs.Select(run => new KeyedRun { Run = run, Text = StoredRecipe.Text(run.Recipe, EF.Constant(path)) }),
    };

    /// <summary>How the databases say a level that is no number.</summary>
    public static string[] TextsOf(this RecipeField field, string literal) => field.Kind == FieldKind.Flag
        ? literal == "true" ? ["true", "1"] : ["false", "0"]
        : [Presentation.Format.Literal(literal)];

    /// <summary>The other way: the level, as JSON, of a value from the database.</summary>
    public static string LiteralOf(this RecipeField field, double? number, string? text) => (field.Kind, number, text) switch
    {
        (_, null, null) => "null",
        (FieldKind.Integer, { } whole, _) => ((long)whole).ToString(System.Globalization.CultureInfo.InvariantCulture),
        (_, { } value, _) => value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        (FieldKind.Flag, _, _) => text is "true" or "1" ? "true" : "false",
        _ => System.Text.Json.JsonSerializer.Serialize(text),
    };
}
