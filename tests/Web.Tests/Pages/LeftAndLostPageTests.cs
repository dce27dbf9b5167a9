using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>What becomes of a page that the server has forgotten, or whose place another takes.</summary>
public sealed class LeftAndLostPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private const string Mark = "document.documentElement.dataset.old = 'yes'";
    private const string IsNew = "() => !document.documentElement.dataset.old";

    [Theory]
    [InlineData("document.querySelector('[data-reload]').click()")]
    [InlineData("document.getElementById('components-reconnect-modal').dispatchEvent(new CustomEvent('components-reconnect-state-changed', { detail: { state: 'rejected' } }))")]
    public async Task Page_that_the_server_forgot_is_loaded_again_where_it_was(string what)
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync("/runs?sort=seed");
        await browser.Page.EvaluateAsync(Mark);

        await browser.Page.EvaluateAsync(what);

        await browser.Page.WaitForFunctionAsync(IsNew);
        Assert.EndsWith("/runs?sort=seed", browser.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Experiment_that_is_not_stored_yet_does_not_look_like_the_one_before()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("experiment"));

        await browser.Page.EvaluateAsync($"Blazor.navigateTo('/experiments/{Guid.CreateVersion7()}')");

        await Assertions.Expect(browser.TestId("empty-state")).ToContainTextAsync("no such experiment yet");
        Assert.Empty(browser.Problems);
    }
}
