using MaeLab.Domain.Accounts;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>
/// The last check before anything is changed, whichever page, request or circuit asked for it. What a user may do is read anew, since a
/// page may be older than that. (Endpoints and pages turn others away before: see <see cref="Policies"/> and MayControl.)
/// </summary>
public sealed class ChangeGate(IOptions<WebOptions> options, IDbContextFactory<MaeLabDb> databases)
{
    /// <summary>Why nobody may change anything; null where some may.</summary>
    public string? Closed { get; } = options.Value.ReadOnly is { } opened
        ? $"Nothing can be changed in '{opened}', which was opened read-only. Import it into a MaeLab of your own to go on with it."
        : null;

    /// <param name="least">The role that it takes.</param>
    /// <exception cref="NotAllowedException">They may not.</exception>
    public async Task PassAsync(Actor actor, UserRole least, CancellationToken cancellationToken)
    {
        if (Closed is { } reason)
        {
            throw new NotAllowedException(reason);
        }

        var role = actor.UserId is { } id ? await RoleOfAsync(id, cancellationToken) : actor.Role;
        if (role is null || actor.Role < least || role < least)
        {
            throw new NotAllowedException($"This takes the role {EnumWord(least)}; {actor.Name} is {(role is null ? "no user any more" : EnumWord(role < actor.Role ? role.Value : actor.Role))}.");
        }
    }

    private static string EnumWord(UserRole role) => Presentation.EnumWord.Of(role);

    private async Task<UserRole?> RoleOfAsync(Guid userId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(user => user.Id == userId && !user.Disabled).Select(user => (UserRole?)user.Role).SingleOrDefaultAsync(cancellationToken);
    }
}
