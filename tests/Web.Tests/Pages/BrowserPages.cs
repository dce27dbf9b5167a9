using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>Pages once they are alive.</summary>
internal static class BrowserPages
{
    // A machine busy with other tests needs a while to start a circuit.
    private const float PatienceMilliseconds = 60_000;

    /// <summary>Goes there and waits until the page's circuit has started.</summary>
    public static async Task GoAsync(this BrowserPage browser, string address)
    {
        browser.Page.SetDefaultTimeout(PatienceMilliseconds);
        await browser.Page.GotoAsync(address);
        await browser.InteractiveAsync();
    }

    public static Task InteractiveAsync(this BrowserPage browser) => browser.Page.Locator("main[data-interactive=true]").WaitForAsync();

    public static ILocator TestId(this BrowserPage browser, string id) => browser.Page.GetByTestId(id);

    /// <summary>Fails with what the page has instead when it does not come to hold the text.</summary>
    public static Task ShowsAsync(this ILocator locator, string text) =>
        Assertions.Expect(locator).ToContainTextAsync(text, new() { Timeout = PatienceMilliseconds });
}
