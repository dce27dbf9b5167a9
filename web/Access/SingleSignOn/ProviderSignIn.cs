using System.Security.Claims;
using MaeLab.Web.Browser;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access.SingleSignOn;

/// <summary>What comes of it when somebody returns from the provider: a session here, or a sentence on the page for signing in.</summary>
internal sealed partial class ProviderSignIn(
    ProviderUsers users, AccountSignIn signIn, RateLimits limits, IOptions<WebOptions> options, TimeProvider time, ILogger<ProviderSignIn> logger)
{
    private const int LongestSubject = 255;

    /// <summary>What a new user may be called by; the first that is there.</summary>
    public static readonly string[] NameClaims = ["preferred_username", "name", "email"];

    private ProviderOptions Provider => options.Value.OpenIdConnect;

    /// <summary>Sends them to the provider.</summary>
    public async Task ChallengeAsync(HttpContext context, string? returnUrl)
    {
        try
        {
            await context.ChallengeAsync(Schemes.Provider, new() { RedirectUri = Urls.Local(returnUrl) });
        }
        catch (InvalidOperationException error) when (!context.Response.HasStarted)
        {
            // What it says of itself could not be read.
            LogAway(error, Provider.Authority);
            context.Response.Redirect(Urls.SignInAfter(nameof(SignInProblem.Away)));
        }
    }

    /// <summary>Before anything of the request is looked at.</summary>
    public async Task LimitAsync(MessageReceivedContext context)
    {
        if (!limits.MaySignIn(context.HttpContext))
        {
            context.HandleResponse();
            // An answer without a body would be the page for what is not there, and lead to signing in.
            await context.Response.WriteAsync("Too many tries. Wait a minute.", context.HttpContext.RequestAborted);
        }
    }

    /// <summary>The handler has found the ID token true; nobody is signed in yet.</summary>
    public async Task SignInAsync(TicketReceivedContext context)
    {
        context.HandleResponse();
        var (claims, cancel) = (context.Principal!, context.HttpContext.RequestAborted);
        if (claims.FindFirst("sub") is not { Value.Length: > 0 and <= LongestSubject } subject || subject.Value.Any(char.IsControl))
        {
            Refuse(context.Response, SignInProblem.Provider, "the ID token has no sub that could be one");
            return;
        }

        // A claim of the ID token has the token's issuer, and no other.
        var roles = string.IsNullOrEmpty(Provider.RoleClaim) ? [] : claims.FindAll(Provider.RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        if (Provider.RoleOf(roles) is not { } role)
        {
            Refuse(context.Response, SignInProblem.NoRole, $"{subject.Value} has no role by {Provider.RoleClaim}");
            return;
        }

        var name = NameClaims.Select(claims.FindFirstValue).FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) ?? subject.Value;
        var user = await users.FindOrCreateAsync(subject.Issuer, subject.Value, name, role, keepRole: string.IsNullOrEmpty(Provider.RoleClaim), cancel);
        if (!await signIn.TrySignInAsync(user, ProviderSession.Until(time.GetUtcNow() + Provider.SessionLength), Provider.DisplayName))
        {
            Refuse(context.Response, SignInProblem.Refused, $"{user.Name} is disabled or locked out");
            return;
        }

        context.Response.Redirect(Urls.Local(context.ReturnUri));
    }

    /// <summary>State, nonce, signature, audience, time or code were not as they must be, or the provider said no.</summary>
    public Task FailAsync(RemoteFailureContext context)
    {
        context.HandleResponse();
        Refuse(context.Response, SignInProblem.Provider, context.Failure?.Message);
        return Task.CompletedTask;
    }

    private void Refuse(HttpResponse response, SignInProblem problem, string? reason)
    {
        LogRefused(Provider.DisplayName, reason);
        response.Redirect(Urls.SignInAfter(problem.ToString()));
    }

    [LoggerMessage(LogLevel.Warning, "Somebody was not signed in with {Provider}: {Reason}")]
    private partial void LogRefused(string provider, string? reason);

    [LoggerMessage(LogLevel.Warning, "Nobody can sign in with the provider at {Authority}: it does not say how")]
    private partial void LogAway(Exception error, string? authority);
}
