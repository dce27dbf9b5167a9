using MaeLab.Hosting;
using MaeLab.Hosting.Options;
using MaeLab.Storage;
using MaeLab.Storage.Roles;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace MaeLab.Scheduler.Schema;

/// <summary>
/// <c>migrate</c>: brings the database to the newest schema as the owner of its tables, makes the services' roles, and ends. What the
/// stack does before any service starts, so that none of them needs more rights than for its own tables.
/// </summary>
public static partial class MigrateVerb
{
    public const string Name = "migrate";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args).AddJsonLogging();
        builder.Services.AddMaeLabStorage(builder.Configuration);
        builder.Services.AddCheckedOptions<RolePasswords>(builder.Configuration, RolePasswords.Section);
        await using var app = builder.Build();
        if (ServiceHost.Refuses(app.Services))
        {
            return 1;
        }

        var passwords = app.Services.GetRequiredService<IOptions<RolePasswords>>().Value.Given();
        await StorageRegistration.MigrateAsync(app.Services, app.Lifetime.ApplicationStopping);
        if (passwords.Count > 0)
        {
            await RoleGrants.ApplyAsync(
                app.Services.GetRequiredService<IDbContextFactory<MaeLabDb>>(), passwords, app.Lifetime.ApplicationStopping);
        }

        LogDone(app.Logger, string.Join(", ", passwords.Keys.Select(DatabaseRoles.NameOf)));
        return 0;
    }

    [LoggerMessage(LogLevel.Information, "The database has the newest schema. Roles: {Roles}")]
    private static partial void LogDone(ILogger logger, string roles);
}
