using System.Security.Claims;
using MaeLab.Storage.Model;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>Signs users in and out by their cookie. Who is disabled is let in no more, and their sessions end with the next look at them.</summary>
internal sealed class AccountSignIn(
    UserManager<UserRow> users, IHttpContextAccessor context, IUserClaimsPrincipalFactory<UserRow> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<UserRow>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<UserRow> confirmation)
    : SignInManager<UserRow>(users, context, claims, options, logger, schemes, confirmation)
{
    public override async Task<bool> CanSignInAsync(UserRow user) => !user.Disabled && await base.CanSignInAsync(user);

    /// <summary>For whom somebody else vouches; a session of theirs, unless they are disabled or locked out.</summary>
    public async Task<bool> TrySignInAsync(UserRow user, AuthenticationProperties session)
    {
        if (await PreSignInCheck(user) is not null)
        {
            return false;
        }

        await SignInAsync(user, session);
        return true;
    }

    /// <summary>What is in the cookie, beside name and security stamp.</summary>
    internal sealed class Claims(UserManager<UserRow> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<UserRow>(users, options)
    {
        protected override async Task<ClaimsIdentity> GenerateClaimsAsync(UserRow user)
        {
            var identity = await base.GenerateClaimsAsync(user);
            identity.AddClaim(new(ClaimTypes.Role, user.Role.ToString()));
            return identity;
        }
    }
}
