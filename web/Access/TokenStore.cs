using System.Security.Cryptography;
using MaeLab.Domain;
using MaeLab.Domain.Accounts;
using MaeLab.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <param name="Scope">It may do what this role may, and never more than its owner.</param>
public sealed record TokenSummary(Guid Id, string Name, UserRole Scope, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt);

/// <param name="Token">Told this once.</param>
public sealed record CreatedToken(Guid Id, string Token, DateTimeOffset ExpiresAt);

/// <summary>API tokens. Only their hashes are stored, so a token is shown once, to whoever made it.</summary>
public sealed class TokenStore(IDbContextFactory<MaeLabDb> databases, ChangeGate gate, AuditLog audit, IOptions<WebOptions> options, TimeProvider time)
{
    /// <summary>By which people, and programs that look for secrets in places they should not be in, know one.</summary>
    public const string Prefix = "maelab_";

    public const int LongestName = 100;
    public const int LongestDays = 366;

    private static readonly TimeSpan s_noted = TimeSpan.FromMinutes(1);

    /// <summary>Their own, newest first; revoked ones are gone.</summary>
    public async Task<IReadOnlyList<TokenSummary>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.ApiTokens.Where(token => token.UserId == actor.UserId && token.RevokedAt == null).OrderByDescending(token => token.CreatedAt)
            .Select(token => new TokenSummary(token.Id, token.Name, token.Scope, token.CreatedAt, token.ExpiresAt, token.LastUsedAt)).ToListAsync(cancellationToken);
    }

    /// <summary>What is wrong with a token that somebody asks for.</summary>
    public static IEnumerable<FieldError> Check(string name, int days)
    {
        if (name.Trim() is { Length: 0 or > LongestName } || name.Trim().Any(char.IsControl))
        {
            yield return new("name", $"A token must have a name of 1 to {LongestName} characters, on one line.");
        }

        if (days is < 1 or > LongestDays)
        {
            yield return new("days", $"A token lives for 1 to {LongestDays} days.");
        }
    }

    /// <param name="name">As <see cref="Check"/> has it.</param>
    /// <exception cref="NotAllowedException">It was to do more than its owner may, or a token asked for it.</exception>
    public async Task<CreatedToken> CreateAsync(Actor actor, string name, UserRole scope, int days, CancellationToken cancellationToken)
    {
        if (actor.ByToken)
        {
            throw new NotAllowedException("A token makes no tokens; sign in for that.");
        }

        await gate.PassAsync(actor, scope, cancellationToken);
        name = name.Trim();
        var (token, now) = (Prefix + OneTimeKey.Random(), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = db.ApiTokens.Add(new()
        {
            Id = Guid.CreateVersion7(),
            UserId = actor.UserId,
            Name = name,
            Hash = HashOf(token),
            Scope = scope,
            CreatedAt = now,
            ExpiresAt = now.AddDays(days),
        }).Entity;
        await db.SaveChangesAsync(cancellationToken);
        await audit.WriteAsync(actor, "CreateToken", $"{name}, {scope}, {days} days", cancellationToken);
        return new(row.Id, token, row.ExpiresAt);
    }

    /// <returns>False where they have no such token (any more).</returns>
    public async Task<bool> RevokeAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var own = db.ApiTokens.Where(token => token.Id == id && token.UserId == actor.UserId && token.RevokedAt == null);
        if (await own.Select(token => token.Name).SingleOrDefaultAsync(cancellationToken) is not { } name)
        {
            return false;
        }

        await own.ExecuteUpdateAsync(set => set.SetProperty(token => token.RevokedAt, now), cancellationToken);
        await audit.WriteAsync(actor, "RevokeToken", name, cancellationToken);
        return true;
    }

    /// <returns>Who the token speaks for; null where it opens nothing (any more).</returns>
    public async Task<Actor?> FindActorAsync(string token, CancellationToken cancellationToken)
    {
        var accounts = options.Value.Access == AccessMode.Accounts;
        if (!accounts && options.Value.Token is { } fixedToken && IsSame(token, fixedToken))
        {
            return Actor.LocalClient;
        }

        var (hash, now) = (HashOf(token), time.GetUtcNow());
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var found = await db.ApiTokens.Where(row => row.Hash == hash && row.RevokedAt == null && row.ExpiresAt > now && (row.UserId != null) == accounts)
            .Select(row => new { row.Id, row.Name, row.Scope, row.LastUsedAt, Owner = db.Users.SingleOrDefault(user => user.Id == row.UserId) })
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null || (accounts && found.Owner is null or { Disabled: true }))
        {
            return null;
        }

        if (found.LastUsedAt is null || now - found.LastUsedAt >= s_noted)
        {
            await db.ApiTokens.Where(row => row.Id == found.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, now), cancellationToken);
        }

        return found.Owner is { } owner
            ? new($"{owner.Name} (token {found.Name})", owner.Role < found.Scope ? owner.Role : found.Scope, owner.Id, ByToken: true)
            : new($"an API client (token {found.Name})", found.Scope, ByToken: true);
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(OneTimeKey.Hash(token));

    private static bool IsSame(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(OneTimeKey.Hash(given), OneTimeKey.Hash(expected));
}
