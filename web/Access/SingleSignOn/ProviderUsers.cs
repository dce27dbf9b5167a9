using System.Text;
using MaeLab.Domain.Accounts;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access.SingleSignOn;

/// <summary>Users by what a provider calls them. Never by name or e-mail address: whoever could choose theirs would take over somebody else's account.</summary>
internal sealed class ProviderUsers(UserManager<UserRow> users, IDbContextFactory<MaeLabDb> databases, AuditLog audit, IOptions<WebOptions> options, TimeProvider time)
{
    /// <summary>There is room for a number behind it.</summary>
    private const int LongestName = 150;

    /// <param name="wish">What they would like to be called; with a number where that is somebody else.</param>
    /// <param name="role">Of a new user, and of one that is there where <paramref name="keepRole"/> is not said.</param>
    public async Task<UserRow> FindOrCreateAsync(string issuer, string subject, string wish, UserRole role, bool keepRole, CancellationToken cancellationToken)
    {
        wish = Name(wish);
        for (var number = 1; ; number++)
        {
            // Each time anew: another request of theirs may have been quicker.
            if (await FindAsync(issuer, subject, cancellationToken) is { } found)
            {
                return keepRole || found.Role == role ? found : await SetRoleAsync(found, role, cancellationToken);
            }

            var user = new UserRow { Name = number == 1 ? wish : $"{wish} ({number})", Role = role, Issuer = issuer, Subject = subject, CreatedAt = time.GetUtcNow() };
            var created = await users.CreateAsync(user);
            if (created.Succeeded)
            {
                await WriteAsync("CreateUser", user, cancellationToken);
                return user;
            }

            ThrowUnless(created, nameof(IdentityErrorDescriber.DuplicateUserName));
        }
    }

    private async Task<UserRow?> FindAsync(string issuer, string subject, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Issuer == issuer && user.Subject == subject, cancellationToken);
    }

    /// <summary>Their other sessions, which have the role of before, end.</summary>
    private async Task<UserRow> SetRoleAsync(UserRow user, UserRole role, CancellationToken cancellationToken)
    {
        user.Role = role;
        ThrowUnless(await users.UpdateSecurityStampAsync(user), expected: null);
        await WriteAsync("SetRole", user, cancellationToken);
        return user;
    }

    private Task WriteAsync(string action, UserRow user, CancellationToken cancellationToken) => audit.WriteAsync(
        new Actor(nameof(MaeLab), UserRole.Admin), action, $"{user.Name}, {user.Role}, by {options.Value.OpenIdConnect.DisplayName}", cancellationToken);

    private static string Name(string wish)
    {
        var name = string.Concat(wish.EnumerateRunes().Where(rune => !Rune.IsControl(rune)).Take(LongestName / 2)).Trim();
        return name.Length > 0 ? name : "user";
    }

    private static void ThrowUnless(IdentityResult result, string? expected)
    {
        if (!result.Succeeded && result.Errors.FirstOrDefault(error => error.Code != expected) is { } error)
        {
            throw new InvalidOperationException($"A user of the provider cannot be stored: {error.Description}");
        }
    }
}
