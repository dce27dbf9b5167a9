using System.Globalization;

namespace MaeLab.Domain.Ablations;

/// <summary>Limits of what a definition says about itself; each keeps a table or a heading readable.</summary>
public static class DefinitionRules
{
    public const int MaxName = 200;
    public const int MaxDescription = 4000;
    public const int MaxTags = 20;
    public const int MaxTag = 50;
    public const int MaxPriority = 1000;
    public const double MinWeight = 0.01;
    public const double MaxWeight = 100;

    public static void CheckPriority(int priority, List<FieldError> errors)
    {
        if (priority is < -MaxPriority or > MaxPriority)
        {
            errors.Add(new("priority", $"Priority must be from {-MaxPriority} to {MaxPriority}, not {priority}."));
        }
    }

    public static void CheckWeight(double weight, List<FieldError> errors)
    {
        if (weight is not (>= MinWeight and <= MaxWeight))
        {
            errors.Add(new("weight", string.Create(CultureInfo.InvariantCulture, $"Weight must be from {MinWeight} to {MaxWeight}, not {weight}.")));
        }
    }

    internal static void Check(ExperimentDefinition definition, List<FieldError> errors)
    {
        if (string.IsNullOrWhiteSpace(definition.Name))
        {
            errors.Add(new("name", "The experiment needs a name."));
        }
        else if (definition.Name.Length > MaxName)
        {
            errors.Add(new("name", $"The name has {definition.Name.Length} characters; at most {MaxName} are allowed."));
        }

        if (definition.Description?.Length > MaxDescription)
        {
            errors.Add(new("description", $"The description has {definition.Description.Length} characters; at most {MaxDescription} are allowed."));
        }

        CheckPriority(definition.Priority, errors);
        CheckWeight(definition.Weight, errors);

        var tags = definition.Tags ?? [];
        if (tags.Count > MaxTags)
        {
            errors.Add(new("tags", $"There are {tags.Count} tags; at most {MaxTags} are allowed."));
        }

        for (var i = 0; i < Math.Min(tags.Count, MaxTags); i++)
        {
            if (string.IsNullOrWhiteSpace(tags[i]) || tags[i].Length > MaxTag)
            {
                errors.Add(new($"tags[{i}]", $"A tag must have from 1 to {MaxTag} characters."));
            }
        }
    }
}
