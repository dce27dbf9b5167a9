using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>What axe-core finds on the pages, in both themes and at a phone's width: nothing that keeps a person from using them.</summary>
public sealed class AccessibilityTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    [Theory]
    [InlineData("experiments")]
    [InlineData("experiment")]
    [InlineData("statistics of an experiment")]
    [InlineData("curves of an experiment")]
    [InlineData("exploration of an experiment")]
    [InlineData("gallery of an experiment")]
    [InlineData("theory of an experiment")]
    [InlineData("attention in an experiment")]
    [InlineData("theory")]
    [InlineData("runs of an experiment")]
    [InlineData("new experiment")]
    [InlineData("runs")]
    [InlineData("complete run")]
    [InlineData("queued run")]
    [InlineData("examined run")]
    [InlineData("theory job")]
    [InlineData("runners")]
    [InlineData("webhooks")]
    [InlineData("tokens")]
    [InlineData("audit")]
    [InlineData("no such experiment")]
    [InlineData("comparison")]
    public async Task Page_has_no_serious_finding(string page) => await AxeFindings.NoneAsync(chromium, host.Door, host.AddressOf(page));

    /// <param name="menus">Each a selector of what opens one, and of what is then there.</param>
    [Theory]
    [InlineData("experiment", "button:has-text('Export') -> .mud-popover-open", ".chart-menu button -> .mud-popover-open", "button:has-text('Cancel all') -> [role=dialog]", "[data-testid=who] -> .who .panel-body")]
    [InlineData("runs", "[data-testid=views] -> .views-menu", "[data-testid=runs-columns] -> [data-testid=columns-all-fields]")]
    [InlineData("complete run", ".chart-menu button -> .mud-popover-open", "[data-testid=notes-edit] -> [data-testid=notes-draft]")]
    public async Task Open_menu_has_no_serious_finding(string page, params string[] menus)
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var browser = await chromium.OpenAsync(host.Door, scheme: scheme);
            await browser.GoAsync(host.AddressOf(page));
            foreach (var menu in menus.Select(menu => menu.Split(" -> ")))
            {
                await browser.Page.Locator(menu[0]).First.ClickAsync();
                await Assertions.Expect(browser.Page.Locator(menu[1]).First).ToBeVisibleAsync();

                await AxeFindings.NoneAsync(browser, $"{scheme}, {menu[0]} open");

                await browser.Page.Keyboard.PressAsync("Escape");
            }
        }
    }
}
