using System.Text.Json.Nodes;
using MaeLab.Domain.Recipes;

namespace MaeLab.Domain.Ablations;

/// <param name="Position">Index in the list as the client sent it.</param>
/// <param name="Value">As <see cref="RecipeField.Set"/> takes it.</param>
internal sealed record Level(int Position, object? Value, string Literal);

/// <summary>An axis while it is being checked: the levels that are of the field's type, without repetition.</summary>
internal sealed record Factor(RecipeField Field, IReadOnlyList<Level> Levels)
{
    public string ErrorField(int level) => $"axes.{Field.Path}[{Levels[level].Position}]";

    public Recipe Apply(Recipe recipe, int level) => Field.Set(recipe, Levels[level].Value);

    /// <returns>-1 where there is no such level.</returns>
    public int IndexOf(string literal)
    {
        for (var i = 0; i < Levels.Count; i++)
        {
            if (Levels[i].Literal == literal)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Reads all axes, the seed's among them. An axis without a single usable level is left out.</summary>
    public static List<Factor> ReadAll(JsonObject? axes, List<FieldError> errors)
    {
        var factors = new List<Factor>();
        foreach (var (path, node) in axes ?? [])
        {
            if (RecipeFields.Find(path) is not { } field)
            {
                errors.Add(new($"axes.{path}", RecipeJson.Unknown(path)));
            }
            else if (node is not JsonArray array)
            {
                errors.Add(new($"axes.{path}", $"'{path}' must be a list of levels, for example [{string.Join(", ", field.Suggestions.Take(2))}]."));
            }
            else if (array.Count == 0)
            {
                errors.Add(new($"axes.{path}", $"'{path}' has no levels; give at least one or leave the axis out."));
            }
            else if (array.Count > AblationPlan.MaxRuns)
            {
                errors.Add(new($"axes.{path}", FormattableString.Invariant($"'{path}' has {array.Count:#,0} levels; at most {AblationPlan.MaxRuns:#,0} runs are allowed.")));
            }
            else if (ReadLevels(field, array, errors) is { Count: > 0 } levels)
            {
                factors.Add(new(field, levels));
            }
        }

        return factors;
    }

    private static List<Level> ReadLevels(RecipeField field, JsonArray array, List<FieldError> errors)
    {
        var levels = new List<Level>(array.Count);
        var positions = new Dictionary<string, int>();
        for (var i = 0; i < array.Count; i++)
        {
            var (value, error) = FieldValue.Parse(field, array[i]);
            var literal = error is null ? FieldValue.Literal(value) : "";
            if (error is null && !positions.TryAdd(literal, i))
            {
                error = $"{field.Label} {literal} is already level {positions[literal] + 1} of this axis; every level may stand once.";
            }

            if (error is null)
            {
                levels.Add(new(i, value, literal));
            }
            else
            {
                errors.Add(new($"axes.{field.Path}[{i}]", error));
            }
        }

        return levels;
    }
}
