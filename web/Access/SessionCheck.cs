using MaeLab.Storage.Model;
using MaeLab.Web.Access.SingleSignOn;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>A page that stays open asks from time to time whether its user may still be here, as every request does.</summary>
internal sealed class SessionCheck(ILoggerFactory loggers, IServiceScopeFactory scopes, TimeProvider time, IOptions<SecurityStampValidatorOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    /// <summary>After as long at most whoever was disabled, or has another role or password, is out of pages and API.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    // A page that is open costs a query each time, whatever the settings are for requests.
    private static readonly TimeSpan s_atMostEvery = TimeSpan.FromSeconds(1);

    protected override TimeSpan RevalidationInterval { get; } = new[] { options.Value.ValidationInterval, s_atMostEvery }.Max();

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (Actor.Find(authenticationState.User) is { UserId: null } or { ByToken: true })
        {
            return true;
        }

        if (ProviderSession.HasEnded(authenticationState.User, time.GetUtcNow()))
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        var signIn = scope.ServiceProvider.GetRequiredService<SignInManager<UserRow>>();
        return await signIn.ValidateSecurityStampAsync(authenticationState.User) is { Disabled: false };
    }
}
