using System.Text.Json.Nodes;
using MaeLab.Domain.Accounts;
using MaeLab.Testing.Databases;

namespace MaeLab.Web.Tests.Access.SingleSignOn;

/// <summary>A provider that says who may what.</summary>
public sealed class ProviderRoleTests : IClassFixture<ProviderRoleTests.GroupsHost>
{
    private readonly GroupsHost _host;

    public ProviderRoleTests(GroupsHost host)
    {
        _host = host;
        host.Provider.Mend();
    }

    [Theory]
    [InlineData("""["students","mae-users"]""", UserRole.Viewer)]
    [InlineData("""["mae-research"]""", UserRole.Researcher)]
    [InlineData("""["mae-users","mae-admins","mae-research"]""", UserRole.Admin)]
    [InlineData("\"mae-staff\"", UserRole.Admin)]
    [InlineData("""["students"]""", null)]
    [InlineData("""["MAE-ADMINS","mae-admins ",""]""", null)]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("""{"mae-admins":true}""", null)]
    public async Task Highest_role_of_the_groups_counts(string groups, UserRole? expected)
    {
        var subject = $"of {groups}";
        _host.Provider.Person = new() { ["sub"] = subject, ["preferred_username"] = subject, ["groups"] = JsonNode.Parse(groups) };

        var (address, _) = await _host.ComeAsync();

        Assert.Equal(expected is null ? "/sign-in?problem=NoRole" : "/", address);
        Assert.Equal(expected, (await _host.UsersAsync()).SingleOrDefault(user => user.Subject == subject)?.Role);
    }

    [Fact]
    public async Task Groups_that_are_told_only_when_asked_for_count_too()
    {
        _host.Provider.Person = new() { ["sub"] = "asked" };
        _host.Provider.More = new() { ["preferred_username"] = "asked", ["groups"] = new JsonArray("mae-users", "mae-research") };

        var (_, door) = await _host.ComeAsync();

        Assert.Equal("asked", await ProviderHost.NameOfAsync(door));
        Assert.Equal(UserRole.Researcher, (await _host.UsersAsync()).Single(user => user.Subject == "asked").Role);
        Assert.Equal("openid profile groups", _host.Provider.LastRequest["scope"]);
    }

    [Fact]
    public async Task Role_follows_the_provider_and_ends_the_sessions_of_before()
    {
        _host.Provider.Person = new() { ["sub"] = "mover", ["preferred_username"] = "mover", ["groups"] = new JsonArray("mae-admins") };
        var (_, before) = await _host.ComeAsync();
        Assert.Equal("mover", await ProviderHost.NameOfAsync(before));
        _host.Provider.Person["groups"] = new JsonArray("mae-users");

        var (_, after) = await _host.ComeAsync();

        Assert.Null(await ProviderHost.NameOfAsync(before));
        Assert.Equal("mover", await ProviderHost.NameOfAsync(after));
        Assert.Equal(UserRole.Viewer, (await _host.UsersAsync()).Single(user => user.Subject == "mover").Role);
        Assert.Contains("MaeLab SetRole mover, Viewer, by single sign-on", await _host.AuditAsync("mover"));
    }

    public sealed class GroupsHost(SqliteFiles databases) : ProviderHost(databases)
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings.Where(setting => !setting.Key.EndsWith("DisplayName", StringComparison.Ordinal)))
        {
            ["Web:OpenIdConnect:Scopes:0"] = "groups",
            ["Web:OpenIdConnect:RoleClaim"] = "groups",
            ["Web:OpenIdConnect:AdminValues:0"] = "mae-admins",
            ["Web:OpenIdConnect:AdminValues:1"] = "mae-staff",
            ["Web:OpenIdConnect:ResearcherValues:0"] = "mae-research",
            // As compose.yaml has one that nobody gave.
            ["Web:OpenIdConnect:ResearcherValues:1"] = "",
            ["Web:OpenIdConnect:ViewerValues:0"] = "mae-users",
        };
    }
}
