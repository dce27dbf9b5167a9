using Microsoft.AspNetCore.Components.Authorization;

namespace MaeLab.Web.Access;

/// <summary>Who looks at a page.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    /// <inheritdoc cref="Actor.Of"/>
    public async Task<Actor> GetAsync() => Actor.Of((await authentication.GetAuthenticationStateAsync()).User);
}
