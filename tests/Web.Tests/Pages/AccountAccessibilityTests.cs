using MaeLab.Testing.Browsers;
using MaeLab.Web.Access;
using MaeLab.Web.Tests.Access;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Pages;

/// <summary>As <see cref="AccessibilityTests"/>, for the pages that are there with accounts alone.</summary>
public sealed class AccountAccessibilityTests(AccountsHost host, FirstAdminTests.EmptyHost empty, Chromium chromium)
    : IClassFixture<AccountsHost>, IClassFixture<FirstAdminTests.EmptyHost>
{
    [Theory]
    [InlineData("/users")]
    [InlineData("/tokens")]
    [InlineData("/audit")]
    public async Task Page_of_an_administrator_has_no_serious_finding(string address) =>
        await AxeFindings.NoneAsync(chromium, await host.SignInAsync("admin"), address);

    [Fact]
    public async Task Page_of_ones_own_account_has_no_serious_finding() =>
        await AxeFindings.NoneAsync(chromium, await host.SignInAsync("admin"), "/account", interactive: false);

    [Fact]
    public async Task Signing_in_has_no_serious_finding() =>
        await AxeFindings.NoneAsync(chromium, Door.Closed(host.Http.BaseAddress!), "/sign-in", interactive: false);

    [Fact]
    public async Task Setting_up_has_no_serious_finding()
    {
        var key = empty.Services.GetRequiredService<OneTimeKey>().Renew();

        await AxeFindings.NoneAsync(chromium, Door.Closed(empty.Http.BaseAddress!), $"{AccessLink.SetUpPath}?key={key}", interactive: false);
    }
}
