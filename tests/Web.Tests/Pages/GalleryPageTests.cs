using System.Text.RegularExpressions;
using MaeLab.Testing.Browsers;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

public sealed class GalleryPageTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    private const string Frames = "[data-testid=gallery] [data-lens] img";

    [Fact]
    public async Task All_pictures_are_magnified_together_by_buttons_keys_wheel_and_dragging()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("gallery of an experiment"));
        await browser.Page.Locator(Frames).First.WaitForAsync();

        await LensIsThereAsync(browser);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Zoom in" }).ClickAsync();
        await MagnifiedAsync(browser, 1.5);
        await browser.Page.GetByRole(AriaRole.Region, new() { Name = "Pictures by image and cell" }).FocusAsync();
        await browser.Page.Keyboard.PressAsync("+");
        await MagnifiedAsync(browser, 2.25);
        await browser.HasAddressAsync(new Regex("magnify=2.25%2C0.5%2C0.5"));

        var frame = browser.Page.Locator("[data-testid=gallery] [data-lens]").Nth(1);
        var box = (await frame.BoundingBoxAsync())!;
        await browser.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height / 2));
        await browser.Page.Mouse.DownAsync();
        await browser.Page.Mouse.MoveAsync(box.X, box.Y + (box.Height / 2));
        await browser.Page.Mouse.UpAsync();
        // Half a frame at 2.25 is 0.222 of the picture.
        await browser.HasAddressAsync(new Regex("magnify=2.25%2C0.72[12]%2C0.5"));

        await browser.Page.Keyboard.DownAsync("Control");
        await browser.Page.Mouse.WheelAsync(0, -50);
        await browser.Page.Keyboard.UpAsync("Control");
        await browser.HasAddressAsync(new Regex("magnify=3.14"));

        // The same again from the address, and all of it by a key.
        await browser.Page.ReloadAsync();
        await browser.InteractiveAsync();
        await MagnifiedAsync(browser, 3.14);
        await LensIsThereAsync(browser);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Whole pictures" }).ClickAsync();
        await MagnifiedAsync(browser, 1);
        await Assertions.Expect(browser.Page).Not.ToHaveURLAsync(new Regex("magnify"));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Step_picture_and_seed_are_in_the_address()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("gallery of an experiment"));

        await browser.TestId("gallery-step").FocusAsync();
        await browser.Page.Keyboard.PressAsync("ArrowLeft");
        await browser.HasAddressAsync(new Regex("[?&]at=155"));
        await browser.TestId("gallery-picture").SelectOptionAsync("errors");
        await browser.HasAddressAsync(new Regex("picture=errors"));
        await browser.TestId("gallery-seed").SelectOptionAsync("1");
        await browser.HasAddressAsync(new Regex("seed=1"));

        await browser.TestId("gallery-column").First.ShowsAsync("step 155");
        await browser.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('[data-testid=gallery] .error-map img')].some(map => map.naturalWidth === 7)");
        await browser.TestId("gallery-step").FocusAsync();
        await browser.Page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(browser.Page).Not.ToHaveURLAsync(new Regex("[?&]at="));
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Original_and_headings_stay_in_sight_while_the_gallery_is_scrolled()
    {
        await using var browser = await chromium.OpenAsync(host.Door, 400, 800);
        await browser.GoAsync(host.AddressOf("gallery of an experiment"));
        await browser.Page.Locator(Frames).First.WaitForAsync();

        var moved = await browser.Page.EvaluateAsync<double[]>(
            """
            () => {
              const scroll = document.querySelector('.gallery-scroll');
              const place = selector => scroll.querySelector(selector).getBoundingClientRect();
              const before = [place('tbody tr:last-child th').left, place('thead th:last-child').top, place('tfoot td').bottom];
              scroll.scrollTo(150, 60);
              return [place('tbody tr:last-child th').left - before[0], place('thead th:last-child').top - before[1], place('tfoot td').bottom - before[2], scroll.scrollLeft, scroll.scrollTop];
            }
            """);

        Assert.Equal([0, 0, 0, 150, 60], moved);
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Warning_leads_to_the_error_that_compares()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf("gallery of an experiment"));

        await browser.TestId("compare-instead").ClickAsync();

        await browser.HasAddressAsync(new Regex("metric=probe%2Fshared_pixel_mse"));
        await browser.Page.GetByRole(AriaRole.Heading, new() { Name = "Shared pixel error", Exact = true }).WaitForAsync();
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Note)).ToHaveCountAsync(0);
        Assert.Empty(browser.Problems);
    }

    /// <summary>Its script comes after the page has come alive.</summary>
    private static Task LensIsThereAsync(BrowserPage browser) => browser.Page.Locator("[data-magnified]").WaitForAsync();

    private static Task<IJSHandle> MagnifiedAsync(BrowserPage browser, double factor) => browser.Page.WaitForFunctionAsync(
        "([frames, factor]) => [...document.querySelectorAll(frames)].every(image => Math.abs(new DOMMatrix(getComputedStyle(image).transform).a - factor) < 0.01)",
        new object[] { Frames, factor });
}
