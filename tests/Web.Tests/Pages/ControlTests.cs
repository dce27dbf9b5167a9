using System.Text.RegularExpressions;
using MaeLab.Testing.Browsers;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Presentation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace MaeLab.Web.Tests.Pages;

/// <summary>Controls of the tabs that do nothing but choose: each is in the address, and is found there again.</summary>
public sealed class ControlTests(PageHost host, Chromium chromium) : IClassFixture<PageHost>
{
    /// <param name="controls">Each the control's test id, what is chosen, and the parameter of the address; a checkbox chooses true.</param>
    [Theory]
    [InlineData("curves of an experiment", "curve-metric probe/linear_accuracy curve", "curve-color seed color", "curve-log-x true logx", "curve-log true log")]
    [InlineData("exploration of an experiment", "explore-x patchSize sx", "explore-y maskRatio sy", "explore-by seed by")]
    [InlineData("gallery of an experiment", "gallery-images 4 images", "gallery-distance pixels distance")]
    [InlineData("layers of an experiment", "theory-right 1 right", "theory-seed 1 seed")]
    public async Task What_is_chosen_is_in_the_address_and_chosen_again_after_a_reload(string page, params string[] controls)
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync(host.AddressOf(page));

        foreach (var control in controls.Select(control => control.Split(' ')))
        {
            await browser.TestId(control[0]).WaitForAsync();
            await (control[1] == "true" ? browser.TestId(control[0]).CheckAsync() : browser.TestId(control[0]).SelectOptionAsync(control[1]));
            await browser.HasAddressAsync(new Regex($"[?&]{control[2]}={Uri.EscapeDataString(control[1])}(&|$)", RegexOptions.IgnoreCase));
        }

        await browser.Page.ReloadAsync();
        await browser.InteractiveAsync();
        foreach (var control in controls.Select(control => control.Split(' ')))
        {
            await (control[1] == "true"
                ? Assertions.Expect(browser.TestId(control[0])).ToBeCheckedAsync()
                : Assertions.Expect(browser.TestId(control[0])).ToHaveValueAsync(control[1]));
        }

        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Choices_change_what_is_drawn()
    {
        await using var browser = await chromium.OpenAsync(host.Door);
        await browser.GoAsync($"{host.AddressOf("curves of an experiment")}&curve=probe%2Flinear_accuracy&color=seed");
        await Assertions.Expect(browser.TestId("line-chart")).ToHaveAttributeAsync("aria-label", new Regex("^Linear probe accuracy of [0-9]+ runs"));
        await browser.TestId("curves").ShowsAsync("Seed 1");

        await browser.GoAsync($"{host.AddressOf("exploration of an experiment")}&sx=patchSize&sy=maskRatio&by=seed");
        await Assertions.Expect(browser.TestId("scatter-chart")).ToHaveAttributeAsync("aria-label", "Mask ratio against patch size, coloured by seed");

        await browser.GoAsync($"{host.AddressOf("gallery of an experiment")}&images=4&distance=pixels");
        await Assertions.Expect(browser.Page.Locator("[data-testid=gallery] tbody tr")).ToHaveCountAsync(4);

        await browser.GoAsync($"{host.AddressOf("layers of an experiment")}&right=1&seed=1");
        await browser.TestId("theory-pictures").ShowsAsync("Mask ratio 0.5 · Patch size 7 · seed 1");
        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Marginal_means_are_written_beside_their_bars()
    {
        var view = (await host.Services.GetRequiredService<ExperimentViewReader>()
            .ReadAsync(host.ExperimentId, null, null, null, new(), new Dictionary<string, string>(), TestContext.Current.CancellationToken))!;
        var effects = MarginalEffects.Of(view.Results);
        Assert.Equal(["maskRatio", "patchSize"], effects.Select(effect => effect.Field));
        await using var browser = await chromium.OpenAsync(host.Door);

        await browser.GoAsync(host.AddressOf("experiment"));

        foreach (var (index, level) in effects.SelectMany(effect => effect.Levels).Index())
        {
            var row = browser.TestId("marginals").Locator("tr:has(td.forest)").Nth(index);
            await row.Locator("th").ShowsAsync(Format.Literal(level.Level));
            await row.Locator("td.num").ShowsAsync(Format.Percent(level.Mean.Mean, 1));
        }

        Assert.Empty(browser.Problems);
    }
}
