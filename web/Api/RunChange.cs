using System.Text.Json.Serialization;
using MaeLab.Domain;
using MaeLab.Domain.Ablations;

namespace MaeLab.Web.Api;

/// <summary>What can be changed of a run, or of the runs of a cell.</summary>
/// <param name="Priority">Higher goes first; 0 is usual.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunChange(int? Priority = null)
{
    internal IEnumerable<FieldError> Check()
    {
        var errors = new List<FieldError>();
        if (Priority is null)
        {
            errors.Add(new("priority", "Say the priority."));
        }

        DefinitionRules.CheckPriority(Priority ?? 0, errors);
        return errors;
    }
}
