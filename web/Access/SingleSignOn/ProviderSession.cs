using System.Globalization;
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
        session.Items.TryGetValue(EndsAt, out var end) && now >= DateTimeOffset.Parse(end!, CultureInfo.InvariantCulture);
}
