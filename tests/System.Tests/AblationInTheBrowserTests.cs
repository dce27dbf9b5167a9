using System.Globalization;
using System.Text.RegularExpressions;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using Microsoft.Playwright;

namespace MaeLab.System.Tests;

/// <summary>The main job as a person does it: fill in the form, queue the runs, watch the heat map fill.</summary>
public sealed class AblationInTheBrowserTests(PostgresServer databases, RabbitMqServer brokers, Chromium chromium)
{
    private const float TrainingTime = 4 * 60 * 1000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_by_two_cells_submitted_in_the_form_fill_the_heat_map()
    {
        await using var ring = await RunningRing.StartAsync(databases, brokers, Cancel);
        await using var browser = await chromium.OpenAsync(await ring.Web.OpenDoorAsync(Cancel));
        var page = browser.Page;

        await browser.GoAsync("/experiments/new");
        await FillFormAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Queue 4 runs" }).ClickAsync();
        // Not WaitForURL: it misses an address that changes, without a load, just as it begins to wait.
        await Assertions.Expect(page).ToHaveURLAsync(new Regex("/experiments/[0-9a-f-]{36}$"));

        var cells = page.GetByTestId("matrix-cell");
        await Assertions.Expect(cells).ToHaveCountAsync(4);
        await Assertions.Expect(page.GetByTestId("experiment-progress")).ToHaveTextAsync("100 %", new() { Timeout = TrainingTime });

        // The table says it like the progress bar: a figure in every cell, and no need to load the page again.
        for (var cell = 0; cell < 4; cell++)
        {
            await Assertions.Expect(cells.Nth(cell).Locator("b")).ToContainTextAsync("%");
        }

        await page.GetByTestId("tab-runs").ClickAsync();
        await Assertions.Expect(page.GetByTestId("run").Filter(new() { HasText = "Completed" })).ToHaveCountAsync(4);
        await LookAtOneRunAsync(page);
        Assert.Empty(browser.Problems);
    }

    private static async Task FillFormAsync(IPage page)
    {
        await page.GetByTestId("name").FillAsync("In the browser");
        await page.GetByTestId("base-dataset.limit").FillAsync(TwoByTwo.Images.ToString(CultureInfo.InvariantCulture));
        await page.GetByTestId("base-batchSize").FillAsync(TwoByTwo.BatchSize.ToString(CultureInfo.InvariantCulture));
        await page.GetByTestId("base-epochs").FillAsync(TwoByTwo.Epochs.ToString(CultureInfo.InvariantCulture));

        var masks = page.GetByTestId("factor-maskRatio");
        await masks.GetByRole(AriaRole.Button, new() { Name = "Remove 0.9" }).ClickAsync();
        await page.GetByTestId("factor-seed").GetByRole(AriaRole.Button, new() { Name = "Remove 1" }).ClickAsync();

        // A level that cannot be is said at once, beside its chip, and taken back.
        var sizes = page.GetByTestId("factor-patchSize");
        await sizes.GetByTestId("add-level").FillAsync("5,");
        await Assertions.Expect(sizes.GetByRole(AriaRole.Alert)).ToContainTextAsync("does not divide image size 28");
        await Assertions.Expect(sizes.GetByTestId("add-level")).ToHaveValueAsync("");
        await sizes.GetByRole(AriaRole.Button, new() { Name = "Remove 5" }).ClickAsync();
        await Assertions.Expect(sizes.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
    }

    private static async Task LookAtOneRunAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "#0", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Reconstructions" })).ToBeVisibleAsync();
        var images = page.Locator("img[src^='/api/v1/images/'], img[src^='api/v1/images/']");
        await Assertions.Expect(images.First).ToBeVisibleAsync();
        Assert.Equal(28, await images.First.EvaluateAsync<int>("image => image.decode().then(() => image.naturalWidth)"));
    }
}
