using System.Net;
using System.Text.RegularExpressions;
using MaeLab.Storage.Model;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access.SingleSignOn;

/// <summary>Web with accounts and a provider that signs users in.</summary>
public class ProviderHost(SqliteFiles databases) : AccountsHost(databases)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>How far web's clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    public FakeProvider Provider { get; } = new();

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Web:OpenIdConnect:Authority"] = Provider.Address.ToString(),
        ["Web:OpenIdConnect:ClientId"] = FakeProvider.ClientId,
        ["Web:OpenIdConnect:ClientSecret"] = FakeProvider.ClientSecret,
        ["Web:OpenIdConnect:DisplayName"] = "Example University",
        ["ForwardedHeaders_Enabled"] = "true",
    };

    public override async ValueTask InitializeAsync()
    {
        await Provider.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
    }

    protected override void Configure(IServiceCollection services)
    {
        base.Configure(services);
        services.AddSingleton<TimeProvider>(new Clock(this));
    }

    /// <summary>A new browser goes the whole way.</summary>
    /// <returns>The address where it ends, and what it has then.</returns>
    public async Task<(string Address, Door Door)> ComeAsync(string from = "sign-in/provider")
    {
        var door = Door.Closed(Http.BaseAddress!);
        using var http = door.CreateClient();
        using var answer = await http.GetAsync(from, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.RequestMessage!.RequestUri}: {answer.StatusCode}, {string.Join("; ", Provider.Refused)}");
        return (answer.RequestMessage!.RequestUri!.PathAndQuery, door);
    }

    /// <summary>What the door opens; null where it does not.</summary>
    public static async Task<string?> NameOfAsync(Door door)
    {
        using var http = door.CreateClient(redirects: false);
        using var answer = await http.GetAsync("account", Cancel);
        return answer.StatusCode == HttpStatusCode.OK ? Regex.Match(await answer.Content.ReadAsStringAsync(Cancel), "You are <b>([^<]+)</b>").Groups[1].Value : null;
    }

    public async Task<IReadOnlyList<UserRow>> UsersAsync()
    {
        await using var db = Database.Open();
        return await db.Users.Where(user => user.Subject != null).OrderBy(user => user.Id).ToListAsync(Cancel);
    }

    public async Task<IReadOnlyList<string>> AuditAsync(string name)
    {
        await using var db = Database.Open();
        return [.. (await db.AuditEntries.OrderBy(entry => entry.At).ToListAsync(Cancel)).Where(entry => entry.Actor == name || entry.Subject!.Contains(name, StringComparison.Ordinal)).Select(entry => $"{entry.Actor} {entry.Action} {entry.Subject}")];
    }

    private sealed class Clock(ProviderHost host) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + host.Ahead;
    }
}
