using System.Net;
using MaeLab.Domain.Accounts;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Tests.Pages;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Access.SingleSignOn;

public sealed class ProviderSignInTests : IClassFixture<ProviderHost>
{
    private readonly ProviderHost _host;
    private readonly Chromium _chromium;

    public ProviderSignInTests(ProviderHost host, Chromium chromium)
    {
        (_host, _chromium) = (host, chromium);
        host.Provider.Mend();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_goes_to_the_provider_and_comes_back_to_where_they_wanted_to_go()
    {
        _host.Provider.Person = new() { ["sub"] = "browser-1", ["preferred_username"] = "doris" };
        await using var browser = await _chromium.OpenAsync(Door.Closed(_host.Http.BaseAddress!));
        await browser.Page.GotoAsync("/runs?state=failed");

        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example University" }).ClickAsync();

        await browser.HasAddressAsync(new("/runs\\?state=failed$"));
        await browser.InteractiveAsync();
        await browser.TestId("who").ClickAsync();
        await browser.Page.Locator(".who").ShowsAsync("doris, viewer");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await browser.HasAddressAsync(new("/sign-in$"));
        Assert.Empty(browser.Problems);
        Assert.Equal(["MaeLab CreateUser doris, Viewer, by Example University", "doris SignIn with Example University"], await _host.AuditAsync("doris"));
    }

    [Fact]
    public async Task Same_subject_is_the_same_user_whatever_they_are_called_by_then()
    {
        _host.Provider.Person = new() { ["sub"] = "same-1", ["preferred_username"] = "maiden" };
        await _host.ComeAsync();
        _host.Provider.Person = new() { ["sub"] = "same-1", ["preferred_username"] = "married" };

        var (_, door) = await _host.ComeAsync();

        Assert.Equal("maiden", await ProviderHost.NameOfAsync(door));
        Assert.Single(await _host.UsersAsync(), user => user.Subject == "same-1");
    }

    [Fact]
    public async Task Somebody_with_the_name_and_address_of_another_gets_an_account_of_their_own()
    {
        var local = await _host.AddUserAsync("erna@example.org", UserRole.Admin);
        foreach (var (subject, name) in new[] { ("erna-1", "erna@example.org (2)"), ("erna-2", "erna@example.org (3)") })
        {
            _host.Provider.Person = new() { ["sub"] = subject, ["email"] = "erna@example.org", ["email_verified"] = true };

            var (_, door) = await _host.ComeAsync();

            Assert.Equal(name, await ProviderHost.NameOfAsync(door));
        }

        Assert.All((await _host.UsersAsync()).Where(user => user.Name.StartsWith("erna", StringComparison.Ordinal)), user => Assert.True(user.Id != local.Id && user.Role == UserRole.Viewer));
    }

    [Fact]
    public async Task User_of_the_provider_has_no_password_to_be_guessed()
    {
        _host.Provider.Person = new() { ["sub"] = "bare-1", ["name"] = "bare" };
        await _host.ComeAsync();

        foreach (var guess in new[] { "", AccountsHost.Password })
        {
            Assert.Null(await Door.SignInAsync(_host.Http.BaseAddress!, "bare", guess, Cancel));
        }
    }

    public static TheoryData<string> Flaws => [.. s_flaws.Keys];

    private static readonly Dictionary<string, Action<FakeProvider>> s_flaws = new()
    {
        ["another nonce"] = provider => provider.Bend = token => token["nonce"] = "of another request",
        ["no nonce"] = provider => provider.Bend = token => token.Remove("nonce"),
        ["another key"] = provider => provider.SignsWrongly = true,
        ["another client"] = provider => provider.Bend = token => token["aud"] = "another client",
        ["another issuer"] = provider => provider.Bend = token => token["iss"] = "https://elsewhere.example",
        ["expired"] = provider => provider.Bend = token => (token["iat"], token["exp"]) = (1, 2),
        ["no end"] = provider => provider.Bend = token => token.Remove("exp"),
        ["no subject"] = provider => provider.Bend = token => token.Remove("sub"),
        ["an endless subject"] = provider => provider.Bend = token => token["sub"] = new string('x', 256),
        ["a subject with NUL"] = provider => provider.Bend = token => token["sub"] = "a\0b",
        ["a refusal"] = provider => provider.Error = "access_denied",
        ["a mistake"] = provider => provider.Error = "server_error",
    };

    [Theory]
    [MemberData(nameof(Flaws))]
    public async Task Nobody_is_signed_in_by_an_answer_with(string flaw)
    {
        _host.Provider.Person = new() { ["sub"] = "flawed", ["preferred_username"] = "flawed" };
        s_flaws[flaw](_host.Provider);

        var (address, door) = await _host.ComeAsync();

        Assert.Equal("/sign-in?problem=Provider", address);
        Assert.Null(await ProviderHost.NameOfAsync(door));
        Assert.DoesNotContain(await _host.UsersAsync(), user => user.Name == "flawed");
    }

    [Theory]
    [InlineData("without a state")]
    [InlineData("with a state of nobody")]
    [InlineData("in another browser")]
    [InlineData("for the second time")]
    public async Task Code_opens_nothing(string how)
    {
        _host.Provider.Person = new() { ["sub"] = "stolen", ["preferred_username"] = "stolen" };
        var door = Door.Closed(_host.Http.BaseAddress!);
        using var http = door.CreateClient(redirects: false);
        using var start = await http.GetAsync("sign-in/provider", Cancel);
        using var authorized = await http.GetAsync(start.Headers.Location, Cancel);
        var back = authorized.Headers.Location!;
        var code = QueryHelpers.ParseQuery(back.Query)["code"].ToString();
        if (how == "for the second time")
        {
            using var first = await http.GetAsync(back, Cancel);
            Assert.Equal("/", first.Headers.Location!.OriginalString);
        }

        var other = how is "in another browser" or "for the second time" ? Door.Closed(_host.Http.BaseAddress!) : door;
        using var thief = other.CreateClient(redirects: false);
        using var answer = await thief.GetAsync(how switch
        {
            "without a state" => new Uri(_host.Http.BaseAddress!, $"sign-in/provider/callback?code={code}"),
            "with a state of nobody" => new Uri(_host.Http.BaseAddress!, $"sign-in/provider/callback?code={code}&state=nobody"),
            _ => back,
        }, Cancel);

        Assert.Equal("/sign-in?problem=Provider", answer.Headers.Location!.OriginalString);
        Assert.Null(await ProviderHost.NameOfAsync(other));
    }

    [Fact]
    public async Task Request_has_what_protects_it_and_cookies_are_out_of_reach()
    {
        using var http = Door.Closed(_host.Http.BaseAddress!).CreateClient(redirects: false);

        using var start = await http.GetAsync("sign-in/provider?returnUrl=/runs", Cancel);

        var asked = QueryHelpers.ParseQuery(start.Headers.Location!.Query);
        Assert.All(new[] { "state", "nonce", "code_challenge" }, part => Assert.True(asked[part].ToString().Length > 20, part));
        Assert.Equal(("S256", "code"), (asked["code_challenge_method"].ToString(), asked["response_type"].ToString()));
        Assert.DoesNotContain("/runs", asked["state"].ToString(), StringComparison.Ordinal);
        Assert.Equal(2, start.Headers.GetValues("Set-Cookie").Count());
        Assert.All(start.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; samesite=lax; httponly", cookie, StringComparison.Ordinal));
        Assert.True(start.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Cookies_are_for_https_alone_where_the_proxy_has_it()
    {
        using var http = Door.Closed(_host.Http.BaseAddress!).CreateClient(redirects: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "sign-in/provider") { Headers = { { "X-Forwarded-Proto", "https" }, { "X-Forwarded-For", "192.0.2.1" } } };

        using var start = await http.SendAsync(request, Cancel);

        Assert.StartsWith("https://", QueryHelpers.ParseQuery(start.Headers.Location!.Query)["redirect_uri"].ToString(), StringComparison.Ordinal);
        Assert.All(start.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("; secure", cookie, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("javascript:alert(1)")]
    public async Task Signing_in_never_leads_to_another_site(string wish)
    {
        _host.Provider.Person = new() { ["sub"] = "wishful", ["preferred_username"] = "wishful" };

        var (address, door) = await _host.ComeAsync($"sign-in/provider?returnUrl={Uri.EscapeDataString(wish)}");

        Assert.Equal("/", address);
        Assert.Equal("wishful", await ProviderHost.NameOfAsync(door));
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("locked")]
    public async Task Who_is_disabled_or_locked_out_does_not_come_in(string how)
    {
        _host.Provider.Person = new() { ["sub"] = how, ["preferred_username"] = how };
        await _host.ComeAsync();
        await _host.ChangeAsync((await _host.UsersAsync()).Single(user => user.Subject == how), user =>
            (user.Disabled, user.LockedUntil) = (how == "disabled", how == "locked" ? DateTimeOffset.UtcNow.AddDays(1) : null));

        var (address, door) = await _host.ComeAsync();

        Assert.Equal("/sign-in?problem=Refused", address);
        Assert.Null(await ProviderHost.NameOfAsync(door));
    }

    [Fact]
    public async Task Name_is_shown_and_nothing_else()
    {
        _host.Provider.Person = new() { ["sub"] = "hostile", ["preferred_username"] = $"<script>alert(1)</script>\r\n\0{new string('x', 500)}" };

        var (address, door) = await _host.ComeAsync();

        Assert.Equal("/", address);
        Assert.StartsWith("&lt;script&gt;", await ProviderHost.NameOfAsync(door), StringComparison.Ordinal);
        Assert.InRange((await _host.UsersAsync()).Single(user => user.Subject == "hostile").Name.Length, 50, 150);
    }

    [Fact]
    public async Task Session_ends_though_somebody_was_there_all_the_time()
    {
        _host.Provider.Person = new() { ["sub"] = "tireless", ["preferred_username"] = "tireless" };
        var (_, door) = await _host.ComeAsync();
        using var password = (await _host.SignInAsync("viewer")).CreateClient(redirects: false);

        for (var hour = 0; hour < 11; hour++)
        {
            _host.Ahead += TimeSpan.FromHours(1);
            Assert.Equal("tireless", await ProviderHost.NameOfAsync(door));
        }

        _host.Ahead += TimeSpan.FromHours(1);
        Assert.Null(await ProviderHost.NameOfAsync(door));
        using var still = await password.GetAsync("account", Cancel);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
    }

    [Fact]
    public async Task Page_that_stays_open_ends_with_the_session()
    {
        _host.Provider.Person = new() { ["sub"] = "staying", ["preferred_username"] = "staying" };
        var (_, door) = await _host.ComeAsync();
        await using var browser = await _chromium.OpenAsync(door);
        await browser.GoAsync("/runs");

        _host.Ahead += TimeSpan.FromHours(12);

        await browser.TestId("empty-state").ShowsAsync("You are not signed in any more");
    }
}
