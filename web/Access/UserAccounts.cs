using System.Security.Claims;
using MaeLab.Domain.Accounts;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Access;

/// <param name="Locked">Too many wrong passwords, for now.</param>
/// <param name="Issuer">The OpenID Connect provider that signs them in; null: they have a password.</param>
public sealed record UserSummary(Guid Id, string Name, UserRole Role, bool Disabled, bool Locked, DateTimeOffset CreatedAt, string? Issuer);

/// <summary>Users, as administrators and the users themselves change them.</summary>
public sealed class UserAccounts(UserManager<UserRow> users, IDbContextFactory<MaeLabDb> databases, ChangeGate gate, AuditLog audit, TimeProvider time)
{
    public const int ShortestPassword = 12;

    public const int LongestPassword = 1000;

    public const string NameRule = "A user must have a name of 1 to 200 characters, on one line.";

    public static bool IsName(string name) => name.Length is > 0 and <= 200 && name.Trim() == name && !name.Any(char.IsControl);

    public async Task<IReadOnlyList<UserSummary>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Admin, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Summaries(db.Users.OrderBy(user => user.NormalizedName)).ToListAsync(cancellationToken);
    }

    /// <returns>Null where there is no such user.</returns>
    public async Task<UserSummary?> FindAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Admin, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Summaries(db.Users.Where(user => user.Id == id)).SingleOrDefaultAsync(cancellationToken);
    }

    /// <returns>The user's id, or what is wrong with name or password.</returns>
    public async Task<(Guid? Id, IReadOnlyList<string> Problems)> CreateAsync(Actor actor, string name, string password, UserRole role, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Admin, cancellationToken);
        var user = new UserRow { Name = name.Trim(), Role = role, CreatedAt = time.GetUtcNow() };
        var problems = Problems(await users.CreateAsync(user, password));
        await AuditedAsync(problems, actor, "CreateUser", $"{user.Name}, {role}", cancellationToken);
        return (problems.Count > 0 ? null : user.Id, problems);
    }

    public Task<IReadOnlyList<string>> SetRoleAsync(Actor actor, Guid id, UserRole role, CancellationToken cancellationToken) => ChangeAsync(
        actor, id, "SetRole", user => $"{user.Name}, {role}", user => user.Role = role, cancellationToken);

    /// <summary>Whoever is disabled is signed out everywhere, and their tokens open nothing.</summary>
    public Task<IReadOnlyList<string>> SetDisabledAsync(Actor actor, Guid id, bool disabled, CancellationToken cancellationToken) => ChangeAsync(
        actor, id, disabled ? "DisableUser" : "EnableUser", user => user.Name, user => user.Disabled = disabled, cancellationToken);

    /// <summary>For who has forgotten theirs: another password, and an end to all sessions and to being locked out.</summary>
    public async Task<IReadOnlyList<string>> SetPasswordAsync(Actor actor, Guid id, string password, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Admin, cancellationToken);
        var user = await users.FindByIdAsync(id.ToString()) ?? throw NoSuchUser();
        if (await WrongWithAsync(user, password) is { Count: > 0 } wrong)
        {
            return wrong;
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
        (user.FailedSignIns, user.LockedUntil) = (0, null);
        return await AuditedAsync(Problems(await users.UpdateSecurityStampAsync(user)), actor, "SetPassword", user.Name, cancellationToken);
    }

    /// <summary>One's own; all other sessions end.</summary>
    public async Task<IReadOnlyList<string>> ChangeOwnPasswordAsync(ClaimsPrincipal principal, string current, string next, CancellationToken cancellationToken)
    {
        var user = await users.GetUserAsync(principal) ?? throw NoSuchUser();
        return await AuditedAsync(Problems(await users.ChangePasswordAsync(user, current, next)), Actor.Of(principal), "ChangePassword", user.Name, cancellationToken);
    }

    private IQueryable<UserSummary> Summaries(IQueryable<UserRow> rows)
    {
        var now = time.GetUtcNow();
        return rows.Select(user => new UserSummary(user.Id, user.Name, user.Role, user.Disabled, user.LockedUntil > now, user.CreatedAt, user.Issuer));
    }

    private async Task<IReadOnlyList<string>> ChangeAsync(
        Actor actor, Guid id, string action, Func<UserRow, string> subject, Action<UserRow> change, CancellationToken cancellationToken)
    {
        await gate.PassAsync(actor, UserRole.Admin, cancellationToken);
        if (actor.UserId == id)
        {
            // Otherwise the last administrator could be locked out by a slip of the hand.
            return ["Nobody changes their own role or disables themselves; ask another administrator."];
        }

        var user = await users.FindByIdAsync(id.ToString()) ?? throw NoSuchUser();
        change(user);
        return await AuditedAsync(Problems(await users.UpdateSecurityStampAsync(user)), actor, action, subject(user), cancellationToken);
    }

    private async Task<IReadOnlyList<string>> AuditedAsync(List<string> problems, Actor actor, string action, string subject, CancellationToken cancellationToken)
    {
        if (problems.Count == 0)
        {
            await audit.WriteAsync(actor, action, subject, cancellationToken);
        }

        return problems;
    }

    private async Task<List<string>> WrongWithAsync(UserRow user, string password)
    {
        var wrong = new List<string>();
        foreach (var validator in users.PasswordValidators)
        {
            wrong.AddRange(Problems(await validator.ValidateAsync(users, user, password)));
        }

        return wrong;
    }

    private static List<string> Problems(IdentityResult result) => [.. result.Errors.Select(error => error.Description)];

    private static NotAllowedException NoSuchUser() => new("There is no such user (any more).");
}
