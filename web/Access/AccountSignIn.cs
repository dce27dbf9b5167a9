using System.Security.Claims;
using MaeLab.Storage.Model;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>Signs users in and out by their cookie. Who is disabled is let in no more, and their sessions end with the next look at them.</summary>
internal sealed class AccountSignIn(
    UserManager<UserRow> users, IHttpContextAccessor context, IUserClaimsPrincipalFactory<UserRow> claims, IOptions<IdentityOptions> options,
    ILogger<SignInManager<UserRow>> logger, IAuthenticationSchemeProvider schemes, IUserConfirmation<UserRow> confirmation, AuditLog audit)
    : SignInManager<UserRow>(users, context, claims, options, logger, schemes, confirmation)
{
    private static readonly UserRow s_nobody = new() { Name = "", PasswordHash = new PasswordHasher<UserRow>().HashPassword(new() { Name = "" }, OneTimeKey.Random()) };

    public override async Task<bool> CanSignInAsync(UserRow user) => !user.Disabled && await base.CanSignInAsync(user);

    public override async Task<SignInResult> PasswordSignInAsync(string userName, string password, bool isPersistent, bool lockoutOnFailure)
    {
        if (await UserManager.FindByNameAsync(userName) is { } user)
        {
            var result = await PasswordSignInAsync(user, password, isPersistent, lockoutOnFailure);
            if (result.Succeeded)
            {
                await AuditAsync(user, "with a password");
            }

            return result;
        }

        WorkAsIf(password);
        return SignInResult.Failed;
    }

    public override async Task<SignInResult> CheckPasswordSignInAsync(UserRow user, string password, bool lockoutOnFailure)
    {
        if (user.PasswordHash is null || await PreSignInCheck(user) is not null)
        {
            // Nothing is compared then.
            WorkAsIf(password);
        }

        return await base.CheckPasswordSignInAsync(user, password, lockoutOnFailure);
    }

    /// <summary>Comparing a password is slow; an answer that came without it would tell that there is no such user, or none that could sign in.</summary>
    private void WorkAsIf(string password) => UserManager.PasswordHasher.VerifyHashedPassword(s_nobody, s_nobody.PasswordHash!, password);

    /// <summary>For whom somebody else vouches; a session of theirs, unless they are disabled or locked out.</summary>
    /// <param name="by">Who vouches, for the audit log.</param>
    public async Task<bool> TrySignInAsync(UserRow user, AuthenticationProperties session, string by)
    {
        if (await PreSignInCheck(user) is not null)
        {
            return false;
        }

        await SignInAsync(user, session);
        await AuditAsync(user, $"with {by}");
        return true;
    }

    private Task AuditAsync(UserRow user, string how) => audit.WriteAsync(new(user.Name, user.Role, user.Id), AuditLog.SignIn, how, Context.RequestAborted);

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
