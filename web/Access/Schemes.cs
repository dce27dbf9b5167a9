using Microsoft.AspNetCore.Identity;

namespace MaeLab.Web.Access;

/// <summary>How somebody is recognised. Each is an own key for cookies: one made without accounts says nothing where there are some.</summary>
internal static class Schemes
{
    /// <summary>Chooses one of the others by the request and <see cref="WebOptions.Access"/>.</summary>
    public const string Any = "MaeLab";

    /// <summary>The cookie that the one-time link leaves.</summary>
    public const string Local = "MaeLab.Local";

    /// <summary>The cookie of a user who signed in.</summary>
    public static readonly string Account = IdentityConstants.ApplicationScheme;

    /// <summary>The OpenID Connect provider, which leads to a cookie of <see cref="Account"/>. There where the settings name one.</summary>
    public const string Provider = "MaeLab.Provider";

    /// <summary><c>Authorization: Bearer</c>.</summary>
    public const string Token = "MaeLab.Token";
}
