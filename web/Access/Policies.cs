using MaeLab.Domain.Accounts;
using Microsoft.AspNetCore.Authorization;

namespace MaeLab.Web.Access;

/// <summary>What an endpoint or a page takes; without one of these, anybody who is signed in.</summary>
public static class Policies
{
    public const string Researcher = nameof(UserRole.Researcher);

    public const string Admin = nameof(UserRole.Admin);

    internal static void AddTo(AuthorizationOptions options)
    {
        // What nobody thought of is closed.
        options.FallbackPolicy = options.DefaultPolicy;
        foreach (var least in new[] { UserRole.Researcher, UserRole.Admin })
        {
            options.AddPolicy(least.ToString(), policy => policy.RequireRole([.. Enum.GetNames<UserRole>().Skip((int)least)]));
        }
    }
}
