using MaeLab.Domain.Accounts;
using MaeLab.Storage.Model;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Tests.Pages;

namespace MaeLab.Web.Tests.Access;

/// <summary>Users are called what somebody, or a provider, calls them: shown as it is.</summary>
public sealed class HostileNameTests(AccountsHost host, Chromium chromium) : IClassFixture<AccountsHost>
{
    private const string Name = "\"><img src=x onerror=\"alert(1)\"><script>alert(2)</script>'onfocus='alert(3)";

    [Fact]
    public async Task List_of_users_shows_names_and_issuers_as_text()
    {
        await using (var db = host.Database.Open())
        {
            db.Users.Add(new UserRow { Name = Name, Role = UserRole.Viewer, Issuer = $"https://example.org/{Name}", Subject = Name });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var browser = await chromium.OpenAsync(await host.SignInAsync(AccountsHost.NameOf(UserRole.Admin)));
        var dialogs = new List<string>();
        browser.Page.Dialog += (_, dialog) => { dialogs.Add(dialog.Message); _ = dialog.DismissAsync(); };

        await browser.GoAsync("/users");

        await browser.TestId("users").ShowsAsync(Name);
        Assert.Empty(dialogs);
        Assert.Equal(0, await browser.Page.Locator("[onerror], [onload], [onfocus], img[src=x]").CountAsync());
        Assert.Empty(browser.Problems);
    }
}
