using System.Text.Json.Serialization;
using MaeLab.Domain;

namespace MaeLab.Web.Api;

/// <summary>Where in its experiment's queue a run is to go.</summary>
/// <param name="Before">Another run of the experiment, whose priority it takes; null or left out, and no after: to the front.</param>
/// <param name="After">The run of the experiment to go behind, whose priority it takes; not with before.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunMove(Guid? Before = null, Guid? After = null)
{
    internal IEnumerable<FieldError> Check()
    {
        if (Before is not null && After is not null)
        {
            yield return new("after", "Say before or after, not both.");
        }
    }
}
