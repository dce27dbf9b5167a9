using MaeLab.Web.Access.SingleSignOn;
using MaeLab.Web.Browser;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>What sessions begin and end with, beside the pages of Features/Accounts.</summary>
internal static class AccessEndpoints
{
    public static void MapMaeLabAccess(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<WebOptions>>().Value;
        if (options.Access == AccessMode.Local)
        {
            app.MapGet(AccessLink.OpenPath, OpenAsync).AllowAnonymous().ExcludeFromDescription();
        }
        else if (options.OpenIdConnect.Configured)
        {
            app.MapGet(Urls.SignInByProvider, ToProviderAsync).AllowAnonymous().ExcludeFromDescription();
        }

        app.MapPost(Urls.SignOut, SignOutAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> OpenAsync([FromQuery] string? key, OneTimeKey keys, HttpContext context)
    {
        if (keys.Use(key))
        {
            await context.SignInAsync(Schemes.Local, Actor.LocalPerson.ToPrincipal(Schemes.Local), new() { IsPersistent = true });
        }
        else if (context.User.Identity is not { IsAuthenticated: true })
        {
            return Results.LocalRedirect(Urls.SignIn);
        }

        return Results.LocalRedirect(Urls.Experiments);
    }

    private static Task ToProviderAsync([FromQuery] string? returnUrl, ProviderSignIn signIn, HttpContext context) => signIn.ChallengeAsync(context, returnUrl);

    /// <param name="form">Read, so that its token is looked at: nobody else's page signs somebody out.</param>
    private static async Task<IResult> SignOutAsync([FromForm] IFormCollection form, HttpContext context, IOptions<WebOptions> options)
    {
        await context.SignOutAsync(options.Value.Access == AccessMode.Local ? Schemes.Local : Schemes.Account);
        return Results.LocalRedirect(Urls.SignIn);
    }
}
