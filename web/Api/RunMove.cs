using System.Text.Json.Serialization;

namespace MaeLab.Web.Api;

/// <summary>Where in its experiment's queue a run is to go.</summary>
/// <param name="Before">Another run of the experiment, whose priority it takes; null or left out: to the front.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RunMove(Guid? Before = null);
