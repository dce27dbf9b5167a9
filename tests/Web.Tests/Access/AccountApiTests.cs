using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MaeLab.Domain.Accounts;
using MaeLab.Web.Tests.Api;

namespace MaeLab.Web.Tests.Access;

/// <summary>Users and tokens by the API.</summary>
public sealed class AccountApiTests(AccountsHost host) : IClassFixture<AccountsHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Administrator_makes_a_user_gives_them_another_role_and_disables_them()
    {
        var chief = await host.AddUserAsync("chief", UserRole.Admin);
        using var http = await host.ProgramOfAsync(chief, UserRole.Admin);

        var made = await SendAsync(http, "POST", "users", """{"name":" zoe ","password":"correct horse battery","role":"researcher"}""", HttpStatusCode.Created);
        var door = await host.SignInAsync("zoe");
        using var zoe = door.CreateClient(redirects: false);

        Assert.Equal(("zoe", "researcher", false), ((string)made["name"]!, (string)made["role"]!, (bool)made["disabled"]!));
        var changed = await SendAsync(http, "PATCH", $"users/{made["id"]}", """{"role":"viewer","disabled":true}""", HttpStatusCode.OK);
        Assert.Equal(("viewer", true), ((string)changed["role"]!, (bool)changed["disabled"]!));
        using var after = await zoe.GetAsync("api/v1/runs", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        var listed = (await SendAsync(http, "GET", "users", null, HttpStatusCode.OK))["items"]!.AsArray().Single(user => (string)user!["name"]! == "zoe");
        Assert.True(JsonNode.DeepEquals(changed, listed));
        Assert.DoesNotContain("assword", listed!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(
            ["CreateUser zoe, Researcher", "SetRole zoe, Viewer", "DisableUser zoe"],
            await AuditAsync("chief (token a program)"));
    }

    [Theory]
    [InlineData("""{"name":"","password":"correct horse battery"}""", "name")]
    [InlineData("""{"name":"a\nb","password":"correct horse battery"}""", "name")]
    [InlineData("""{"name":"short","password":"short"}""", "password")]
    [InlineData("""{"name":"nobody"}""", "password")]
    [InlineData("""{"name":"boss","password":"correct horse battery","role":"emperor"}""", "role")]
    [InlineData("""{"name":"boss","password":"correct horse battery","role":2}""", "role")]
    [InlineData("""{"name":"boss","password":"correct horse battery","role":"viewer, admin"}""", "role")]
    [InlineData("""{"name":"boss","password":"correct horse battery","passwordHash":"x"}""", "passwordHash")]
    public async Task User_who_is_not_as_they_must_be_is_not_made(string body, string field)
    {
        using var http = (await host.SignInAsync("admin")).CreateClient(redirects: false);

        var problem = await SendAsync(http, "POST", "users", body, HttpStatusCode.BadRequest);

        Assert.Contains(problem["errors"]!.AsObject(), error => error.Key == field);
    }

    [Fact]
    public async Task Name_of_another_user_whatever_its_case_and_oneself_are_conflicts()
    {
        var own = await host.AddUserAsync("selfless", UserRole.Admin);
        using var http = await host.ProgramOfAsync(own, UserRole.Admin);

        Assert.Contains("already taken", (string)(await SendAsync(http, "POST", "users", """{"name":"SELFLESS","password":"correct horse battery"}""", HttpStatusCode.Conflict))["detail"]!, StringComparison.Ordinal);
        foreach (var change in new[] { """{"role":"viewer"}""", """{"disabled":true}""" })
        {
            Assert.Contains("ask another administrator", (string)(await SendAsync(http, "PATCH", $"users/{own.Id}", change, HttpStatusCode.Conflict))["detail"]!, StringComparison.Ordinal);
        }

        await SendAsync(http, "PATCH", $"users/{Guid.NewGuid()}", """{"disabled":true}""", HttpStatusCode.NotFound);
        await SendAsync(http, "PATCH", $"users/{own.Id}", "{}", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Person_makes_and_revokes_their_own_tokens_and_sees_no_others()
    {
        var (mine, other) = (await host.AddUserAsync("mine", UserRole.Viewer), await host.AddUserAsync("other", UserRole.Viewer));
        await host.TokenOfAsync(other, UserRole.Viewer);
        using var http = (await host.SignInAsync("mine")).CreateClient(redirects: false);

        var made = await SendAsync(http, "POST", "tokens", """{"name":"notebook","days":7}""", HttpStatusCode.Created);
        using var program = host.Program((string)made["token"]!);

        var listed = (await SendAsync(program, "GET", "tokens", null, HttpStatusCode.OK))["items"]!.AsArray();
        Assert.Equal(("notebook", "viewer", (string)made["id"]!), ((string)listed.Single()!["name"]!, (string)listed.Single()!["scope"]!, (string)listed.Single()!["id"]!));
        Assert.DoesNotContain(((string)made["token"]!)[7..], listed.ToJsonString(), StringComparison.Ordinal);
        using var others = (await host.SignInAsync("other")).CreateClient(redirects: false);
        await SendAsync(others, "DELETE", $"tokens/{made["id"]}", null, HttpStatusCode.NotFound);
        await SendAsync(http, "DELETE", $"tokens/{made["id"]}", null, HttpStatusCode.OK);
        await SendAsync(program, "GET", "tokens", null, HttpStatusCode.Unauthorized);
        Assert.Equal(["SignIn with a password", "CreateToken notebook, Viewer, 7 days", "RevokeToken notebook"], await AuditAsync("mine"));
    }

    [Fact]
    public async Task Token_makes_no_tokens_and_nobody_makes_one_that_may_more_than_they_may()
    {
        using var program = await host.ProgramOfAsync(await host.AddUserAsync("maker", UserRole.Admin), UserRole.Admin);
        using var viewer = (await host.SignInAsync("viewer")).CreateClient(redirects: false);

        await SendAsync(program, "POST", "tokens", """{"name":"child"}""", HttpStatusCode.Forbidden);
        await SendAsync(viewer, "POST", "tokens", """{"name":"proud","scope":"admin"}""", HttpStatusCode.Forbidden);
        Assert.Contains("days", (await SendAsync(viewer, "POST", "tokens", """{"name":"eternal","days":36500}""", HttpStatusCode.BadRequest))["errors"]!.ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<JsonObject> SendAsync(HttpClient http, string method, string address, string? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new(method), $"api/v1/{address}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request, Cancel);
        return (int)expected >= 400 ? await ApiHost.ReadProblemAsync(answer, expected) : await ApiHost.ReadAsync(answer, expected);
    }

    private async Task<IReadOnlyList<string>> AuditAsync(string actor)
    {
        using var http = (await host.SignInAsync("admin")).CreateClient(redirects: false);
        var entries = (await http.GetFromJsonAsync<JsonObject>("api/v1/audit?limit=1000", Cancel))!["items"]!.AsArray();
        return [.. entries.Where(entry => (string)entry!["actor"]! == actor).Select(entry => $"{entry!["action"]} {entry["subject"]}").Reverse()];
    }
}
