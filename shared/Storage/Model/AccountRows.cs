using MaeLab.Domain.Accounts;

namespace MaeLab.Storage.Model;

/// <summary>Table users, where web has accounts. Written by web, who alone reads it.</summary>
public sealed class UserRow
{
    public Guid Id { get; set; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    /// <summary>Upper case, so that nobody is there twice.</summary>
    public string NormalizedName { get; set; } = "";

    /// <summary>Salted and slow (PBKDF2, by ASP.NET Core Identity). Null: they have none, and sign in elsewhere.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>The OpenID Connect provider that vouches for them, by its own name for itself; null: nobody does.</summary>
    public string? Issuer { get; set; }

    /// <summary>What the provider calls them, for ever. Names and e-mail addresses change hands.</summary>
    public string? Subject { get; set; }

    public UserRole Role { get; set; }

    /// <summary>May not sign in (any more); what they did keeps their name.</summary>
    public bool Disabled { get; set; }

    /// <summary>In every session's cookie: another one ends them all.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>Another one with each change, so that of two changes at once one fails.</summary>
    public string ConcurrencyStamp { get; set; } = "";

    /// <summary>In a row, since the last time that one succeeded.</summary>
    public int FailedSignIns { get; set; }

    public DateTimeOffset? LockedUntil { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Table api_tokens: what programs show instead of a password. Written by web, who alone reads it.</summary>
public sealed class ApiTokenRow
{
    public Guid Id { get; set; }

    /// <summary>Whose it is; null: of the one user there is without accounts.</summary>
    public Guid? UserId { get; set; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the token, which is 256 random bits: it cannot be guessed from this, and needs no salt.</summary>
    public required string Hash { get; set; }

    /// <summary>It may do what this role may, and never more than its owner.</summary>
    public UserRole Scope { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>To the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>Table audit_entries: who asked for what. Written by web and never changed.</summary>
public sealed class AuditEntryRow
{
    public Guid Id { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Null: without accounts, or the program itself.</summary>
    public Guid? UserId { get; set; }

    /// <summary>As they were called then.</summary>
    public required string Actor { get; set; }

    /// <summary>A word such as <c>SubmitExperiment</c>.</summary>
    public required string Action { get; set; }

    /// <summary>What it was done to: ids, names.</summary>
    public string? Subject { get; set; }
}

/// <summary>Table data_protection_keys: what cookies are signed and encrypted with, the same for all web processes. Written by web, who alone reads it.</summary>
public sealed class DataProtectionKeyRow
{
    /// <summary>As the framework calls it.</summary>
    public required string Name { get; set; }

    public required string Xml { get; set; }
}
