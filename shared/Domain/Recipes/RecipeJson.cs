using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaeLab.Domain.Recipes;

/// <summary>Recipes as JSON: filling from a preset, reading and setting fields by dotted path.</summary>
public static class RecipeJson
{
    /// <summary>The preset with the given part laid over it. Unknown fields and wrong types are errors with their path.</summary>
    public static Checked<Recipe> Fill(string preset, JsonObject? part)
    {
        var errors = new List<FieldError>();
        var recipe = Presets.Find(preset);
        if (recipe is null)
        {
            errors.Add(new("preset", $"There is no preset '{preset}'. Known: {string.Join(", ", Presets.Names)}."));
            recipe = Presets.Find(Presets.Default)!;
        }

        if (part is not null)
        {
            recipe = Overlay(recipe, part, group: "", errors);
        }

        return errors.Count > 0 ? errors : recipe;
    }

    public static JsonObject Write(Recipe recipe) => JsonSerializer.SerializeToNode(recipe, JsonDefaults.Options)!.AsObject();

    /// <summary>Reads a complete recipe, as <see cref="Write"/> makes it.</summary>
    /// <exception cref="FormatException">The text is no complete recipe.</exception>
    public static Recipe Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Recipe>(json, JsonDefaults.Options) ?? throw new FormatException("This is no complete recipe: it is null.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"This is no complete recipe: {e.Message}", e);
        }
    }

    /// <returns>The field's value as a JSON literal (<c>0.75</c>, <c>"random"</c>, <c>null</c>).</returns>
    public static string Get(Recipe recipe, string path) =>
        FieldValue.Literal((RecipeFields.Find(path) ?? throw new ArgumentException(Unknown(path), nameof(path))).Get(recipe));

    /// <summary>The recipe with one field changed.</summary>
    /// <param name="literal">A JSON literal.</param>
    public static Checked<Recipe> With(Recipe recipe, string path, string literal)
    {
        if (RecipeFields.Find(path) is not { } field)
        {
            return new List<FieldError> { new(path, Unknown(path)) };
        }

        JsonNode? node;
        try
        {
            node = JsonNode.Parse(literal);
        }
        catch (JsonException)
        {
            return new List<FieldError> { new(path, $"{field.Label}: '{literal}' is not a JSON value.") };
        }

        var (value, error) = FieldValue.Parse(field, node);
        return error is null ? field.Set(recipe, value) : new List<FieldError> { new(path, error) };
    }

    /// <summary>Says that there is no such field, and which one may have been meant.</summary>
    internal static string Unknown(string path)
    {
        var name = path[(path.LastIndexOf('.') + 1)..];
        var similar = RecipeFields.All
            .Select(field => field.Path)
            .Where(known => ("." + known).EndsWith("." + name, StringComparison.OrdinalIgnoreCase))
            .ToList();
        return similar.Count > 0
            ? $"There is no recipe field '{path}'. Did you mean {string.Join(" or ", similar)}?"
            : $"There is no recipe field '{path}'. Known: {string.Join(", ", RecipeFields.All.Select(field => field.Path))}.";
    }

    /// <param name="group">Path of the object that <paramref name="part"/> is, ending in a dot; empty for the recipe itself.</param>
    private static Recipe Overlay(Recipe recipe, JsonObject part, string group, List<FieldError> errors)
    {
        foreach (var (name, node) in part)
        {
            var path = group + name;
            if (name.Contains('.', StringComparison.Ordinal))
            {
                errors.Add(new(path, $"There is no recipe field '{path}' with a dot in its name; nest it as an object of its own."));
            }
            else if (RecipeFields.Find(path) is { } field)
            {
                var (value, error) = FieldValue.Parse(field, node);
                if (error is null)
                {
                    recipe = field.Set(recipe, value);
                }
                else
                {
                    errors.Add(new(path, error));
                }
            }
            else if (MembersOf(path) is { Count: > 0 } members)
            {
                if (node is JsonObject inner)
                {
                    recipe = Overlay(recipe, inner, path + ".", errors);
                }
                else
                {
                    errors.Add(new(path, $"'{path}' must be an object with {string.Join(", ", members)}."));
                }
            }
            else
            {
                errors.Add(new(path, Unknown(path)));
            }
        }

        return recipe;
    }

    private static List<string> MembersOf(string group) =>
        [.. RecipeFields.All.Where(field => field.Path.StartsWith(group + ".", StringComparison.Ordinal)).Select(field => field.Path[(group.Length + 1)..])];
}
