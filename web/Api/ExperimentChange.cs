using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;

namespace MaeLab.Web.Api;

/// <summary>What can be changed of an experiment that was submitted. What is left out stays as it is.</summary>
/// <param name="Priority">Of the experiment and of all its runs that are not over.</param>
/// <param name="Weight">Share of the slots beside experiments of equal priority.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ExperimentChange(int? Priority = null, double? Weight = null)
{
    internal IEnumerable<FieldError> Check()
    {
        var errors = new List<FieldError>();
        if (this is { Priority: null, Weight: null })
        {
            errors.Add(new("", "Say priority, weight or both."));
        }

        DefinitionRules.CheckPriority(Priority ?? 0, errors);
        DefinitionRules.CheckWeight(Weight ?? 1, errors);
        return errors;
    }
}
