using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class ThemeTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private const string Background = "getComputedStyle(document.body).backgroundColor";
    private const string Light = "rgb(246, 247, 249)";
    private const string Dark = "rgb(14, 19, 24)";

    [Theory]
    [InlineData(ColorScheme.Light, Light)]
    [InlineData(ColorScheme.Dark, Dark)]
    public async Task Page_follows_the_system_at_first(ColorScheme scheme, string background)
    {
        await using var browser = await chromium.OpenAsync(host.Door, scheme: scheme);

        // Before the circuit has started: the first paint has the right colours already.
        await browser.Page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
        await browser.Page.Locator("h1").WaitForAsync();

        Assert.Equal(background, await browser.Page.EvaluateAsync<string>(Background));
    }

    [Fact]
    public async Task Choice_is_remembered()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync("/");

        await browser.Page.Locator("[data-theme-switch]").ClickAsync();
        Assert.Equal(Dark, await browser.Page.EvaluateAsync<string>(Background));
        await browser.GoAsync("/runs");

        Assert.Equal(Dark, await browser.Page.EvaluateAsync<string>(Background));
    }

    [Fact]
    public async Task Keyboard_reaches_the_content_past_the_navigation()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync("/");
        // A page that has just opened moves the focus to its heading; only then it is ours to move.
        await browser.Page.Locator("h1:focus").WaitForAsync();

        await browser.Page.Locator(".skip-link").FocusAsync();
        Assert.True(await browser.Page.Locator(".skip-link").IsVisibleAsync());
        await browser.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(browser.Page.Locator("main")).ToBeFocusedAsync();
    }
}
