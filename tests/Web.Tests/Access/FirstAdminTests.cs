using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Api;
using MaeLab.Web.Tests.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Access;

public sealed class FirstAdminTests(FirstAdminTests.EmptyHost host, Chromium chromium) : IClassFixture<FirstAdminTests.EmptyHost>
{
    private const string Password = "a long pass phrase";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Link_of_the_log_makes_the_first_administrator_who_makes_all_others()
    {
        var link = $"{AccessLink.SetUpPath}?key={host.Services.GetRequiredService<OneTimeKey>().Renew()}";
        await using var browser = await chromium.OpenAsync(Door.Closed(host.Http.BaseAddress!));
        await browser.Page.GotoAsync($"{AccessLink.SetUpPath}?key=wrong");
        await browser.TestId("set-up").ShowsAsync("This link opens nothing");

        await browser.Page.GotoAsync(link);
        await FillAsync(browser, "chief", "short", "Create");
        await browser.Page.GetByRole(AriaRole.Alert).ShowsAsync("Passwords must be at least 12 characters.");
        await FillAsync(browser, "chief", Password, "Create");
        await FillAsync(browser, "chief", Password, "Sign in");
        await browser.InteractiveAsync();

        await browser.Page.GotoAsync(link);
        await browser.TestId("set-up").ShowsAsync("This link opens nothing");

        await MakeUserAsync(browser);
        Assert.Empty(browser.Problems);
    }

    private async Task MakeUserAsync(BrowserPage browser)
    {
        await browser.GoAsync("/users");
        await browser.TestId("user-name").FillAsync("berta");
        await browser.TestId("user-password").FillAsync(Password);
        await browser.TestId("user-role").SelectOptionAsync("Researcher");
        await browser.TestId("user-create").ClickAsync();
        await browser.TestId("users").ShowsAsync("berta");
        var berta = await Door.SignInAsync(host.Http.BaseAddress!, "berta", Password, Cancel);
        Assert.NotNull(berta);

        await browser.Page.GetByLabel("Role of berta").SelectOptionAsync("Viewer");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Disable berta" }).ClickAsync();
        await browser.TestId("users").ShowsAsync("disabled");
        Assert.Null(await Door.SignInAsync(host.Http.BaseAddress!, "berta", Password, Cancel));

        await using var db = host.Database.Open();
        Assert.Equal(
            ["MaeLab CreateUser chief, Admin", "chief SignIn with a password", "chief CreateUser berta, Researcher", "berta SignIn with a password", "chief SetRole berta, Viewer", "chief DisableUser berta"],
            (await db.AuditEntries.OrderBy(entry => entry.Id).ToListAsync(Cancel)).Select(entry => $"{entry.Actor} {entry.Action} {entry.Subject}"));
    }

    private static async Task FillAsync(BrowserPage browser, string name, string password, string button)
    {
        await browser.Page.GetByLabel("Name").FillAsync(name);
        await browser.Page.GetByLabel("Password").FillAsync(password);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
    }

    public sealed class EmptyHost(SqliteFiles databases) : ApiHost(databases)
    {
        protected override AccessMode Access => AccessMode.Accounts;
    }
}
