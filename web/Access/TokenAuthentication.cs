using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary><c>Authorization: Bearer TOKEN</c>.</summary>
internal sealed class TokenAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        return !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? AuthenticateResult.NoResult()
            : await tokens.FindActorAsync(header[Bearer.Length..].Trim(), Context.RequestAborted) is { } actor
                ? AuthenticateResult.Success(new(actor.ToPrincipal(Scheme.Name), Scheme.Name))
                : AuthenticateResult.Fail("The token is unknown, expired or revoked.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Bearer.Trim();
        return Task.CompletedTask;
    }
}
