using System.Text.RegularExpressions;
using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>Short words for what the page tests say often.</summary>
internal static class BrowserPages
{
    public static ILocator TestId(this BrowserPage browser, string id) => browser.Page.GetByTestId(id);

    /// <summary>Asks again and again: WaitForURL misses an address that changes, without a load, just as it begins to wait.</summary>
    public static Task HasAddressAsync(this BrowserPage browser, Regex pattern) => Assertions.Expect(browser.Page).ToHaveURLAsync(pattern);

    /// <summary>Fails with what the page has instead when it does not come to hold the text.</summary>
    public static Task ShowsAsync(this ILocator locator, string text) =>
        Assertions.Expect(locator).ToContainTextAsync(text);
}
