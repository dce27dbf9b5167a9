using System.Net;
using MaeLab.Domain.Accounts;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Access;

public sealed class SignInTests(AccountsHost host, Chromium chromium) : IClassFixture<AccountsHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Address => host.Http.BaseAddress!;

    [Fact]
    public async Task User_signs_in_and_goes_on_to_where_they_wanted_to_go()
    {
        await host.AddUserAsync("anna", UserRole.Researcher);
        await using var browser = await chromium.OpenAsync(Door.Closed(Address));
        await browser.Page.GotoAsync("/runs?state=failed");
        await browser.Page.GetByLabel("Name").FillAsync("anna");
        await browser.Page.GetByLabel("Password").FillAsync(AccountsHost.Password);

        await browser.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

        await browser.HasAddressAsync(new("/runs\\?state=failed$"));
        await browser.InteractiveAsync();
        await browser.TestId("who").ClickAsync();
        await browser.Page.Locator(".who").ShowsAsync("anna, researcher");
        Assert.Empty(browser.Problems);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_never_leads_to_another_site(string wish)
    {
        var door = Door.Closed(Address);
        using var http = door.CreateClient(redirects: false);

        using var answer = await door.PostFormAsync(
            http, $"sign-in?returnUrl={Uri.EscapeDataString(wish)}", new() { ["Input.Name"] = "viewer", ["Input.Password"] = AccountsHost.Password }, Cancel);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", new Uri(Address, answer.Headers.Location!).PathAndQuery);
        Assert.Equal(Address.Host, new Uri(Address, answer.Headers.Location!).Host);
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_a_user_out_whatever_comes_next()
    {
        var user = await host.AddUserAsync("guessed", UserRole.Viewer);
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.Null(await Door.SignInAsync(Address, "guessed", $"wrong password {guess}", Cancel));
        }

        Assert.Null(await Door.SignInAsync(Address, "guessed", AccountsHost.Password, Cancel));

        await using var db = host.Database.Open();
        var locked = await db.Users.SingleAsync(row => row.Id == user.Id, Cancel);
        Assert.True(locked.LockedUntil > DateTimeOffset.UtcNow);
        await host.ChangeAsync(locked, row => row.LockedUntil = DateTimeOffset.UtcNow.AddSeconds(-1));
        Assert.NotNull(await Door.SignInAsync(Address, "GUESSED", AccountsHost.Password, Cancel));
    }

    [Fact]
    public async Task Password_is_stored_salted_and_hashed()
    {
        var (one, other) = (await host.AddUserAsync("one", UserRole.Viewer), await host.AddUserAsync("other", UserRole.Viewer));

        Assert.DoesNotContain(AccountsHost.Password, one.PasswordHash, StringComparison.Ordinal);
        Assert.NotEqual(one.PasswordHash, other.PasswordHash);
    }

    [Fact]
    public async Task Who_is_disabled_does_not_come_in()
    {
        await host.ChangeAsync(await host.AddUserAsync("gone", UserRole.Admin), row => row.Disabled = true);

        Assert.Null(await Door.SignInAsync(Address, "gone", AccountsHost.Password, Cancel));
    }

    [Theory]
    [InlineData(1000, HttpStatusCode.OK)]
    [InlineData(2 << 20, HttpStatusCode.BadRequest)]
    public async Task Form_larger_than_any_form_is_not_read(int length, HttpStatusCode status)
    {
        var door = Door.Closed(Address);
        using var http = door.CreateClient(redirects: false);
        // The body is sent once the server asks for it.
        http.DefaultRequestHeaders.ExpectContinue = true;

        using var answer = await door.PostFormAsync(http, "sign-in", new() { ["Input.Name"] = "viewer", ["Input.Password"] = new('x', length) }, Cancel);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Form_without_its_token_signs_nobody_in()
    {
        using var http = Door.Closed(Address).CreateClient(redirects: false);

        using var answer = await http.PostAsync(
            "sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["_handler"] = "sign-in", ["Input.Name"] = "viewer", ["Input.Password"] = AccountsHost.Password }), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith("maelab=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_of_another_site_signs_nobody_out_and_starts_nothing()
    {
        var door = await host.SignInAsync("researcher");
        using var http = door.CreateClient(redirects: false);

        using var signOut = await http.PostAsync("sign-out", new FormUrlEncodedContent(new Dictionary<string, string>()), Cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/v1/runs/{Guid.Empty}/cancel") { Headers = { { "Origin", "http://127.0.0.1:1" } } };
        using var cancel = await http.SendAsync(request, Cancel);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Forbidden), (signOut.StatusCode, cancel.StatusCode));
    }

    [Fact]
    public async Task Password_that_is_changed_ends_all_other_sessions()
    {
        await host.AddUserAsync("careful", UserRole.Viewer);
        var (here, there) = (await host.SignInAsync("careful"), await host.SignInAsync("careful"));
        using var http = here.CreateClient(redirects: false);

        using var changed = await here.PostFormAsync(
            http, "account", new() { ["Input.Current"] = AccountsHost.Password, ["Input.Next"] = "another horse battery" }, Cancel);

        Assert.Contains("The password was changed", await changed.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Null(await Door.SignInAsync(Address, "careful", AccountsHost.Password, Cancel));
        Assert.NotNull(await Door.SignInAsync(Address, "careful", "another horse battery", Cancel));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await AskAsync(here), await AskAsync(there)));
    }

    [Fact]
    public async Task Session_of_who_is_disabled_ends()
    {
        var user = await host.AddUserAsync("leaver", UserRole.Viewer);
        var door = await host.SignInAsync("leaver");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(door));

        await using var scope = host.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserAccounts>();
        Assert.Empty(await accounts.SetDisabledAsync(new("admin", UserRole.Admin), user.Id, true, Cancel));

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(door));
    }

    [Fact]
    public async Task Two_web_processes_take_one_anothers_sessions()
    {
        var door = await host.SignInAsync("viewer");
        using var other = host.Start();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(other.BaseAddress!, "api/v1/runs")) { Headers = { { "Cookie", $"maelab={door.Cookie}" } } };
        using var stranger = host.Program(null);

        using var answer = await stranger.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> AskAsync(Door door)
    {
        using var http = door.CreateClient(redirects: false);
        using var answer = await http.GetAsync("api/v1/runs", Cancel);
        return answer.StatusCode;
    }
}
