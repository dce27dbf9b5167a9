using System.Linq.Expressions;
using MaeLab.Domain.Recipes;
using MaeLab.Storage;
using MaeLab.Storage.Model;

namespace MaeLab.Web.Features.Runs;

/// <summary>A run in a query beside the value that is filtered, sorted or grouped by: one of the two, or neither where the run has none.</summary>
internal sealed class KeyedRun
{
    public required RunRow Run { get; init; }

    // Both are to be said, since a query knows no defaults.
    public required double? Number { get; init; }

    public required string? Text { get; init; }
}

/// <summary>Recipe fields of runs in queries.</summary>
internal static class KeyedRuns
{
    public static bool IsNumber(this RecipeField field) => field.Kind is FieldKind.Integer or FieldKind.Number;

    /// <summary>The typed copies are quicker to read than the recipe.</summary>
    public static IQueryable<KeyedRun> Keyed(this IQueryable<RunRow> runs, RecipeField field) => field.Path switch
    {
        "maskRatio" => runs.Select(run => new KeyedRun { Run = run, Number = run.MaskRatio, Text = null }),
        "patchSize" => runs.Select(run => new KeyedRun { Run = run, Number = run.PatchSize, Text = null }),
        "seed" => runs.Select(run => new KeyedRun { Run = run, Number = run.Seed, Text = null }),
        "dataset.name" => runs.Select(run => new KeyedRun { Run = run, Number = null, Text = run.Dataset }),
        var path when field.IsNumber() => runs.Select(With(StoredRecipe.NumberOf(path), nameof(KeyedRun.Number), nameof(KeyedRun.Text))),
        var path => runs.Select(With(StoredRecipe.TextOf(path), nameof(KeyedRun.Text), nameof(KeyedRun.Number))),
    };

    /// <summary>With nothing to sort by.</summary>
    public static IQueryable<KeyedRun> WithoutKey(this IQueryable<RunRow> runs) => runs.Select(run => new KeyedRun { Run = run, Number = null, Text = null });

    private static Expression<Func<RunRow, KeyedRun>> With<T>(Expression<Func<RunRow, T>> value, string member, string other)
    {
        MemberAssignment Bind(string name, Expression to) => Expression.Bind(typeof(KeyedRun).GetProperty(name)!, to);
        var none = Expression.Constant(null, typeof(KeyedRun).GetProperty(other)!.PropertyType);
        var keyed = Expression.MemberInit(
            Expression.New(typeof(KeyedRun)), Bind(nameof(KeyedRun.Run), value.Parameters[0]), Bind(member, value.Body), Bind(other, none));
        return Expression.Lambda<Func<RunRow, KeyedRun>>(keyed, value.Parameters);
    }

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
