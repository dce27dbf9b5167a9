using System.Globalization;
using System.Text.Json.Nodes;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Recipes;
using MaeLab.Web.Presentation;

namespace MaeLab.Web.Features.NewExperiment;

/// <summary>One factor in the form, its levels as typed.</summary>
public sealed class FactorInput(string path, IEnumerable<string> levels)
{
    public string Path { get; } = path;

    public List<string> Levels { get; } = [.. levels];
}

/// <summary>
/// What a person has typed, as text: it becomes the same definition as a request to the API, so that there is one
/// validation and one place where it says what is wrong.
/// </summary>
public sealed class ExperimentForm
{
    private readonly Dictionary<string, string> _base = [];
    private string? _name;

    // What the API knows and the form does not show; kept when an experiment is cloned.
    private IReadOnlyList<string>? _tags;
    private int _priority;
    private double _weight = 1;
    private JsonObject _baseline = [];

    public ExperimentForm() => ChoosePreset(Presets.Default);

    public string Preset { get; private set; } = Presets.Default;

    /// <summary>Made from the factors until a person types one.</summary>
    public string Name
    {
        get => _name ?? SuggestName();
        set => _name = value;
    }

    public string Description { get; set; } = "";

    public AblationDesign Design { get; set; }

    public List<FactorInput> Factors { get; } = [];

    /// <summary>The preset's values, with its usual factors; what was typed for single fields is dropped.</summary>
    public void ChoosePreset(string preset)
    {
        Preset = preset;
        _base.Clear();
        var recipe = Presets.Find(preset)!;
        Factors.Clear();
        Factors.Add(new("maskRatio", ["0.5", "0.75", "0.9"]));
        Factors.Add(new("patchSize", Patches(recipe)));
        Factors.Add(new(Axis.SeedField, ["0", "1"]));
    }

    public FactorInput? Factor(string path) => Factors.Find(factor => factor.Path == path);

    /// <summary>A base field as text, from the preset where it was not changed.</summary>
    public string Value(string path) => _base.GetValueOrDefault(path) ?? PresetValue(path);

    public bool IsChanged(string path) => _base.ContainsKey(path);

    public void SetValue(string path, string text)
    {
        if (text == PresetValue(path))
        {
            _base.Remove(path);
        }
        else
        {
            _base[path] = text;
        }
    }

    /// <summary>Only what differs from the preset, in the shape of the API.</summary>
    public ExperimentDefinition ToDefinition()
    {
        var recipe = new JsonObject();
        foreach (var (path, text) in _base.Where(entry => Factor(entry.Key) is null))
        {
            Place(recipe, path, FieldText.ToJson(path, text));
        }

        var axes = new JsonObject(Factors.Where(factor => factor.Levels.Count > 0).Select(factor => KeyValuePair.Create(
            factor.Path, (JsonNode?)new JsonArray([.. factor.Levels.Select(level => FieldText.ToJson(factor.Path, level))]))));
        return new()
        {
            Name = Name.Trim(),
            Description = string.IsNullOrWhiteSpace(Description) ? null : Description.Trim(),
            Tags = _tags,
            Priority = _priority,
            Weight = _weight,
            Preset = Preset,
            Base = recipe.Count > 0 ? recipe : null,
            Axes = axes.Count > 0 ? axes : null,
            Design = Design,
            Baseline = Baseline(),
        };
    }

    /// <summary>The form of an experiment that was submitted before.</summary>
    public static ExperimentForm From(JsonObject definition)
    {
        var form = new ExperimentForm();
        form.ChoosePreset(definition["preset"]?.GetValue<string>() is { } preset && Presets.Find(preset) is not null ? preset : Presets.Default);
        form._name = definition["name"]?.GetValue<string>() + " (copy)";
        form.Description = definition["description"]?.GetValue<string>() ?? "";
        form._tags = definition["tags"]?.AsArray().Select(tag => tag!.GetValue<string>()).ToList();
        form._priority = definition["priority"]?.GetValue<int>() ?? 0;
        form._weight = definition["weight"]?.GetValue<double>() ?? 1;
        form._baseline = definition["baseline"]?.AsObject() ?? [];
        form.Design = definition["design"]?.GetValue<string>() == "star" ? AblationDesign.Star : AblationDesign.Grid;
        foreach (var field in RecipeFields.All)
        {
            var node = (JsonNode?)definition["base"]?.AsObject();
            var given = true;
            foreach (var part in field.Path.Split('.'))
            {
                given = node is JsonObject group && group.TryGetPropertyValue(part, out node);
            }

            if (given)
            {
                form.SetValue(field.Path, FieldText.FromJson(node));
            }
        }

        form.Factors.Clear();
        form.Factors.AddRange((definition["axes"]?.AsObject() ?? []).Select(axis => new FactorInput(axis.Key, axis.Value!.AsArray().Select(FieldText.FromJson))));
        if (form.Factor(Axis.SeedField) is null)
        {
            form.Factors.Add(new(Axis.SeedField, []));
        }

        return form;
    }

    /// <summary>Sets a field of a recipe in JSON, and makes the objects around it.</summary>
    internal static void Place(JsonObject recipe, string path, JsonNode? value)
    {
        var parts = path.Split('.');
        var group = recipe;
        foreach (var part in parts[..^1])
        {
            group = (JsonObject)(group[part] ??= new JsonObject());
        }

        group[parts[^1]] = value;
    }

    private string PresetValue(string path) => FieldText.FromJson(JsonNode.Parse(RecipeJson.Get(Presets.Find(Preset)!, path)));

    /// <summary>As far as the factors still have its levels.</summary>
    private JsonObject? Baseline()
    {
        var kept = _baseline.Where(level => Factor(level.Key)?.Levels.Contains(FieldText.FromJson(level.Value)) == true)
            .Select(level => KeyValuePair.Create(level.Key, level.Value?.DeepClone())).ToList();
        return kept.Count > 0 ? new JsonObject(kept) : null;
    }

    private string SuggestName()
    {
        var factors = Factors.Where(factor => factor.Path != Axis.SeedField && factor.Levels.Count > 1).Select(factor => FieldText.Label(factor.Path)).ToList();
        return factors.Count == 0 ? $"{Preset} baseline" : string.Join(" × ", factors.Select((label, index) => index == 0 ? label : label.ToLowerInvariant()));
    }

    /// <summary>The preset's own patch size and the next one that divides the image.</summary>
    private static IEnumerable<string> Patches(Recipe recipe) =>
        Enumerable.Range(recipe.PatchSize, recipe.ImageSize - recipe.PatchSize + 1)
            .Where(size => recipe.ImageSize % size == 0).Take(2).Select(size => size.ToString(CultureInfo.InvariantCulture));
}
