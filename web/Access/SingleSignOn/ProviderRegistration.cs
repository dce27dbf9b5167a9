using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace MaeLab.Web.Access.SingleSignOn;

/// <summary>
/// Signing in by an OpenID Connect provider: the code flow with PKCE, state and nonce, all of which the framework's handler makes and checks.
/// What comes of it is <see cref="ProviderSignIn"/>.
/// </summary>
internal static class ProviderRegistration
{
    public const string CallbackPath = "/sign-in/provider/callback";

    public static AuthenticationBuilder AddProvider(this AuthenticationBuilder authentication, IConfiguration configuration)
    {
        authentication.Services.AddScoped<ProviderUsers>().AddScoped<ProviderSignIn>();
        // The framework asks the handler about every request, so that without a provider there must be none.
        if (string.IsNullOrWhiteSpace(configuration[$"{ProviderOptions.Section}:{nameof(ProviderOptions.Authority)}"]))
        {
            return authentication;
        }

        authentication.Services.AddOptions<OpenIdConnectOptions>(Schemes.Provider).Configure<IOptions<WebOptions>>((handler, web) => Configure(handler, web.Value.OpenIdConnect));
        return authentication.AddOpenIdConnect(Schemes.Provider, _ => { });
    }

    private static void Configure(OpenIdConnectOptions handler, ProviderOptions provider)
    {
        (handler.Authority, handler.ClientId, handler.ClientSecret) = (provider.Authority, provider.ClientId, provider.ReadSecret());
        // Plain http is for a provider on this very machine: see the check of the settings.
        handler.RequireHttpsMetadata = !new Uri(provider.Authority!).IsLoopback;
        // By address, not by a form of another site: its cookies may then be as strict as ours (Lax).
        (handler.ResponseType, handler.ResponseMode, handler.UsePkce) = (OpenIdConnectResponseType.Code, OpenIdConnectResponseMode.Query, true);
        handler.Scope.Clear();
        foreach (var scope in new[] { "openid", "profile" }.Concat(provider.Scopes.Where(scope => scope.Length > 0)))
        {
            handler.Scope.Add(scope);
        }

        (handler.MapInboundClaims, handler.SaveTokens) = (false, false);
        handler.GetClaimsFromUserInfoEndpoint = true;
        foreach (var claim in ProviderSignIn.NameClaims.Append(provider.RoleClaim ?? ""))
        {
            if (claim.Length > 0)
            {
                handler.ClaimActions.MapJsonKey(claim, claim);
            }
        }

        handler.CallbackPath = CallbackPath;
        // Signing out is ours alone.
        (handler.RemoteSignOutPath, handler.SignedOutCallbackPath) = (PathString.Empty, PathString.Empty);
        handler.SignInScheme = Schemes.Account;
        foreach (var cookie in new[] { handler.NonceCookie, handler.CorrelationCookie })
        {
            (cookie.HttpOnly, cookie.SameSite, cookie.SecurePolicy) = (true, SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        }

        handler.Events.OnMessageReceived = context => SignInOf(context.HttpContext).LimitAsync(context);
        handler.Events.OnTicketReceived = context => SignInOf(context.HttpContext).SignInAsync(context);
        handler.Events.OnRemoteFailure = context => SignInOf(context.HttpContext).FailAsync(context);
    }

    private static ProviderSignIn SignInOf(HttpContext context) => context.RequestServices.GetRequiredService<ProviderSignIn>();
}
