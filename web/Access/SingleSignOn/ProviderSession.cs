using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace MaeLab.Web.Access.SingleSignOn;

/// <summary>
/// A session that a provider vouched for has an end that nothing moves. (The cookie's own end moves on while somebody is there, and with it whoever
/// has left the provider would stay for ever.)
/// </summary>
internal static class ProviderSession
{
    private const string EndsAt = "maelab.ends";

    public static AuthenticationProperties Until(DateTimeOffset end) =>
        new() { IsPersistent = true, ExpiresUtc = end, Items = { [EndsAt] = end.ToString("O", CultureInfo.InvariantCulture) } };

    public static bool HasEnded(AuthenticationProperties session, DateTimeOffset now) =>
        session.Items.TryGetValue(EndsAt, out var end) && IsOver(end, now);

    /// <summary>For the circuits of the session, which outlive the request that opened them and know no more of it than who it was.</summary>
    public static void TellEnd(ClaimsPrincipal user, AuthenticationProperties session)
    {
        if (session.Items.TryGetValue(EndsAt, out var end) && !user.HasClaim(claim => claim.Type == EndsAt))
        {
            user.Identities.First().AddClaim(new(EndsAt, end!));
        }
    }

    public static bool HasEnded(ClaimsPrincipal user, DateTimeOffset now) => user.FindFirstValue(EndsAt) is { } end && IsOver(end, now);

    private static bool IsOver(string? end, DateTimeOffset now) => now >= DateTimeOffset.Parse(end!, CultureInfo.InvariantCulture);
}
