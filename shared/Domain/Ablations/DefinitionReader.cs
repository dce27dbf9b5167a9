using System.Text.Json;
using System.Text.Json.Nodes;

namespace MaeLab.Domain.Ablations;

/// <summary>Reads a definition from JSON, member by member, so that every wrong type is said at once and none throws.</summary>
internal static class DefinitionReader
{
    private static readonly string[] s_members =
        ["name", "description", "tags", "priority", "weight", "preset", "base", "axes", "design", "baseline"];

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <returns>What could be read; members in error are as if left out.</returns>
    public static ExperimentDefinition Read(string json, List<FieldError> errors)
    {
        var nothing = new ExperimentDefinition { Name = "" };
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: s_strict);
        }
        catch (JsonException e)
        {
            errors.Add(new("", $"The definition is not valid JSON: {e.Message}"));
            return nothing;
        }

        if (DefinitionText.Check(json) is { Count: > 0 } unreadable)
        {
            errors.AddRange(unreadable);
            return nothing;
        }

        if (root is not JsonObject definition)
        {
            errors.Add(new("", "The definition must be a JSON object."));
            return nothing;
        }

        errors.AddRange(definition
            .Where(member => !s_members.Contains(member.Key))
            .Select(member => new FieldError(member.Key, $"There is no field '{member.Key}'. Known: {string.Join(", ", s_members)}.")));
        return new()
        {
            Name = Text(definition, "name", errors) ?? "",
            Description = Text(definition, "description", errors),
            Tags = Tags(definition, errors),
            Priority = Integer(definition, "priority", errors),
            Weight = Number(definition, "weight", errors) ?? 1,
            Preset = Text(definition, "preset", errors),
            Base = Object(definition, "base", errors),
            Axes = Object(definition, "axes", errors),
            Design = Design(definition, errors),
            Baseline = Object(definition, "baseline", errors),
        };
    }

    private static string? Text(JsonObject definition, string member, List<FieldError> errors)
    {
        switch (definition[member])
        {
            case null:
                return null;
            case JsonValue value when value.TryGetValue(out string? text):
                return text;
            default:
                errors.Add(new(member, $"'{member}' must be a text."));
                return null;
        }
    }

    private static int Integer(JsonObject definition, string member, List<FieldError> errors)
    {
        switch (definition[member])
        {
            case null:
                return 0;
            case JsonValue value when value.TryGetValue(out int number):
                return number;
            default:
                errors.Add(new(member, $"'{member}' must be a whole number."));
                return 0;
        }
    }

    private static double? Number(JsonObject definition, string member, List<FieldError> errors)
    {
        switch (definition[member])
        {
            case null:
                return null;
            case JsonValue value when value.TryGetValue(out double number):
                return number;
            default:
                errors.Add(new(member, $"'{member}' must be a number."));
                return null;
        }
    }

    private static JsonObject? Object(JsonObject definition, string member, List<FieldError> errors)
    {
        switch (definition[member])
        {
            case null:
                return null;
            case JsonObject inner:
                return inner;
            default:
                errors.Add(new(member, $"'{member}' must be an object."));
                return null;
        }
    }

    private static List<string>? Tags(JsonObject definition, List<FieldError> errors)
    {
        switch (definition["tags"])
        {
            case null:
                return null;
            case JsonArray array:
                var tags = new List<string>();
                foreach (var (node, index) in array.Select((node, index) => (node, index)))
                {
                    if (node is JsonValue value && value.TryGetValue(out string? tag))
                    {
                        tags.Add(tag);
                    }
                    else
                    {
                        errors.Add(new($"tags[{index}]", "A tag must be a text."));
                    }
                }

                return tags;
            default:
                errors.Add(new("tags", "'tags' must be a list of texts."));
                return null;
        }
    }

    private static AblationDesign Design(JsonObject definition, List<FieldError> errors)
    {
        var words = Enum.GetValues<AblationDesign>().ToDictionary(design => JsonNamingPolicy.CamelCase.ConvertName(design.ToString()));
        switch (definition["design"])
        {
            case null:
                return AblationDesign.Grid;
            case JsonValue value when value.TryGetValue(out string? word) && words.TryGetValue(word, out var design):
                return design;
            default:
                errors.Add(new("design", $"'design' must be one of {string.Join(", ", words.Keys)}."));
                return AblationDesign.Grid;
        }
    }
}
