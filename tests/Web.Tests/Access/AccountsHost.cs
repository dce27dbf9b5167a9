using System.Net.Http.Headers;
using MaeLab.Domain.Accounts;
using MaeLab.Storage.Model;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Api;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

/// <summary>Web with accounts: a user of each role, called by it.</summary>
public class AccountsHost : ApiHost
{
    public AccountsHost(SqliteFiles databases)
        : base(databases)
    {
    }

    protected AccountsHost(ITestDatabases databases)
        : base(databases)
    {
    }

    public const string Password = "correct horse battery";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected override AccessMode Access => AccessMode.Accounts;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var role in Enum.GetValues<UserRole>())
        {
            await AddUserAsync(NameOf(role), role);
        }
    }

    /// <summary>Sessions are looked at with every request, and every second where a page is open, not twice a minute.</summary>
    protected override void Configure(IServiceCollection services) =>
        services.PostConfigure<SecurityStampValidatorOptions>(check => check.ValidationInterval = TimeSpan.Zero);

    public static string NameOf(UserRole role) => role.ToString().ToLowerInvariant();

    public async Task<UserRow> AddUserAsync(string name, UserRole role)
    {
        await using var scope = Services.CreateAsyncScope();
        var user = new UserRow { Name = name, Role = role };
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<UserRow>>().CreateAsync(user, Password)).Succeeded);
        return user;
    }

    public async Task ChangeAsync(UserRow user, Action<UserRow> change)
    {
        await using var db = Database.Open();
        db.Attach(user);
        change(user);
        await db.SaveChangesAsync(Cancel);
    }

    public async Task<Door> SignInAsync(string name) =>
        await Door.SignInAsync(Http.BaseAddress!, name, Password, Cancel) ?? throw new InvalidOperationException($"{name} could not sign in.");

    /// <summary>A program with a token of the user.</summary>
    public async Task<HttpClient> ProgramOfAsync(UserRow user, UserRole scope) => Program(await TokenOfAsync(user, scope));

    public async Task<string> TokenOfAsync(UserRow user, UserRole scope, int days = 30) =>
        (await Services.GetRequiredService<TokenStore>().CreateAsync(new(user.Name, user.Role, user.Id), "a program", scope, days, Cancel)).Token;

    public HttpClient Program(string? token) => new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        BaseAddress = Http.BaseAddress,
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };
}
