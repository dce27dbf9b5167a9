using System.Text.RegularExpressions;
using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class TheoryPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    [Fact]
    public async Task Question_probe_and_pictures_are_drawn_and_kept_in_the_address()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("theory of an experiment"));
        await browser.Page.Locator("[data-testid=theory-curve] canvas").First.WaitForAsync();

        await browser.TestId("question-layers").ClickAsync();
        await browser.HasAddressAsync(new Regex("question=layers"));
        await browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Why do the representations of lower and higher layers differ so little?" }).WaitForAsync();
        // Five layers by five, on both sides.
        await Assertions.Expect(browser.Page.Locator("[data-testid=heat-chart] svg text", new() { HasTextRegex = new("^1\\.00$") })).ToHaveCountAsync(10);

        await browser.TestId("theory-probe").SelectOptionAsync("q3_skip_conditioning");
        await browser.HasAddressAsync(new Regex("probe=q3_skip_conditioning"));
        await browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Q3 skip conditioning over the training" }).WaitForAsync();

        await browser.TestId("theory-left").SelectOptionAsync("2");
        await browser.HasAddressAsync(new Regex("left=2"));
        await browser.TestId("theory-step").EvaluateAsync("slider => { slider.value = 0; slider.dispatchEvent(new Event('input', { bubbles: true })); }");
        await browser.HasAddressAsync(new Regex("at=155"));

        // The same again from the address.
        await browser.Page.ReloadAsync();
        await browser.InteractiveAsync();
        await Assertions.Expect(browser.TestId("theory-left")).ToHaveValueAsync("2");
        await Assertions.Expect(browser.TestId("theory-step")).ToHaveAttributeAsync("aria-valuetext", "step 155");
        await browser.Page.Locator("[data-testid=theory-figure] .theory-table summary").First.ClickAsync();
        await browser.Page.Locator("[data-testid=theory-figure] .theory-table tbody td").First.WaitForAsync();
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Image_is_shown_large_and_the_probe_is_taken_to_the_matrix_and_the_page_that_explains_it()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("attention in an experiment"));

        await browser.Page.Locator("[data-testid=patch-maps] a").Nth(2).ClickAsync();
        await browser.HasAddressAsync(new Regex("image=1"));
        await browser.Page.Locator("[data-testid=patch-maps].large").First.WaitForAsync();
        await browser.Page.Locator(".patch-choice").First.ClickAsync();
        await browser.HasAddressAsync(new Regex("image=1.*patch=|patch=.*image=1"));

        await browser.TestId("theory-to-matrix").ClickAsync();
        await browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Q5 attention reach", Exact = true }).WaitForAsync();

        await browser.GoAsync(host.AddressOf("attention in an experiment"));
        await browser.Page.GetByRole(AriaRole.Link, new() { Name = "from paper to probe" }).ClickAsync();
        await browser.HasAddressAsync(new Regex("/theory#interpolation$"));
        await Assertions.Expect(browser.TestId("theory-mapping")).ToHaveCountAsync(6);
        Assert.Empty(browser.Problems);
    }
}
