using MaeLab.Domain.Accounts;
using MaeLab.Storage;
using MaeLab.Storage.Model;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Web.Access;

/// <summary>Makes the first user, once: an administrator.</summary>
public sealed partial class FirstAdmin(
    IServiceScopeFactory scopes, IDbContextFactory<MaeLabDb> databases, IOptions<WebOptions> options, AuditLog audit, TimeProvider time, ILogger<FirstAdmin> logger)
    : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);

    public async Task<bool> HasUsersAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(cancellationToken);
    }

    /// <returns>False where the settings give no password.</returns>
    public async Task<bool> CreateByOptionsAsync(CancellationToken cancellationToken)
    {
        if (options.Value.FirstAdmin is not { } first || first.ReadPassword() is not { } password)
        {
            return false;
        }

        var problems = await CreateAsync(first.Name, password, cancellationToken);
        // Another web process may have been the first with the same settings.
        if (problems.Count > 0 && !await HasUsersAsync(cancellationToken))
        {
            LogNotCreated(string.Join(' ', problems));
            return false;
        }

        LogCreated(first.Name);
        return true;
    }

    /// <returns>What is wrong with name or password; nothing where the user was created.</returns>
    public async Task<IReadOnlyList<string>> CreateAsync(string name, string password, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await HasUsersAsync(cancellationToken))
            {
                return ["There is a user already; sign in, or ask an administrator."];
            }

            await using var scope = scopes.CreateAsyncScope();
            var users = scope.ServiceProvider.GetRequiredService<UserManager<UserRow>>();
            var user = new UserRow { Name = name.Trim(), Role = UserRole.Admin, CreatedAt = time.GetUtcNow() };
            if (await users.CreateAsync(user, password) is { Succeeded: false } failed)
            {
                return [.. failed.Errors.Select(error => error.Description)];
            }

            await audit.WriteAsync(new Actor(nameof(MaeLab), UserRole.Admin), "CreateUser", $"{user.Name}, {user.Role}", cancellationToken);
            return [];
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    [LoggerMessage(LogLevel.Information, "'{Name}' is the first administrator, with the password of the settings")]
    private partial void LogCreated(string name);

    [LoggerMessage(LogLevel.Error, "The first administrator of the settings cannot be created: {Problems}")]
    private partial void LogNotCreated(string problems);
}
