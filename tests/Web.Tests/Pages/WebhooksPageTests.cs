using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class WebhooksPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    [Fact]
    public async Task Webhook_is_added_switched_and_deleted()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync("/webhooks");

        await browser.TestId("webhook-url").FillAsync("ftp://example.org");
        await browser.TestId("webhook-add").ClickAsync();
        await Assertions.Expect(browser.Page.Locator(".field-error")).ToContainTextAsync("http:// or https://");
        await browser.TestId("webhook-url").FillAsync("https://example.org/hook");
        await browser.TestId("webhook-cancelled").UncheckAsync();
        await browser.TestId("webhook-add").ClickAsync();

        await Assertions.Expect(browser.TestId("webhook-secret")).ToContainTextAsync("shown this once");
        await Assertions.Expect(browser.TestId("webhooks")).ToContainTextAsync("completed, failed in all experiments");
        await browser.TestId("webhook-switch").ClickAsync();
        await Assertions.Expect(browser.TestId("webhook-switch")).ToHaveTextAsync("Enable");
        await browser.TestId("webhook-delete").ClickAsync();
        await Assertions.Expect(browser.TestId("webhooks")).ToHaveCountAsync(0);
        Assert.Empty(browser.Problems);
    }
}
