using System.Text.RegularExpressions;
using MaeLab.Client;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Browsers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;
using Microsoft.Playwright;

namespace MaeLab.System.Tests;

/// <summary>Cells off the arms of a star are asked for later: one by a click on the matrix, one by a client.</summary>
public sealed class StarCornerTests(PostgresServer databases, RabbitMqServer brokers, Chromium chromium)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_corner_of_a_star_is_queued_with_all_seeds_by_a_click_and_by_a_client()
    {
        await using var ring = await RunningRing.StartAsync(databases, brokers, Cancel);
        var client = new MaeLabClient(ring.Http);
        var star = await client.SubmitExperimentAsync(Star(), "a-star", Cancel);
        Assert.Equal(8, star.RunIds.Count);
        await using var browser = await chromium.OpenAsync(await ring.Web.OpenDoorAsync(Cancel));

        await browser.GoAsync($"/experiments/{star.Id}");
        var cells = browser.Page.GetByTestId("matrix-cell");
        await Assertions.Expect(cells).ToHaveCountAsync(4);
        // Its star is trained first, so that it waits.
        await browser.Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Queue all seeds of .*0\\.5") }).ClickAsync();
        await Assertions.Expect(cells).ToHaveCountAsync(5);
        await Assertions.Expect(cells.Filter(new() { HasTextRegex = new Regex("queued") })).Not.ToHaveCountAsync(0);
        await Assertions.Expect(browser.Page.GetByTestId("matrix-queue")).ToHaveCountAsync(1);
        await client.QueueCellAsync(star.Id, new() { Levels = Json(("maskRatio", 0.9), ("patchSize", 7)) }, Cancel);
        await Assertions.Expect(cells).ToHaveCountAsync(6);

        var runs = await Eventually.GetAsync("runs of the corners", async () =>
            (await client.ListRunsAsync(experiment: star.Id, cancellationToken: Cancel)).Items.Where(run => run.PatchSize == 7).ToList() is { Count: 6 } found ? found : null);
        Assert.Equal([0L, 1L], runs.Where(run => run.MaskRatio == 0.5).Select(run => run.Seed).Order());
        Assert.Equal([0L, 1L], runs.Where(run => run.MaskRatio == 0.9).Select(run => run.Seed).Order());
        var again = await Assert.ThrowsAsync<ApiException<ProblemDetails>>(() => client.QueueCellAsync(star.Id, new() { Levels = Json(("maskRatio", 0.5), ("patchSize", 7)) }, Cancel));
        Assert.Equal(409, again.StatusCode);
        Assert.Empty(browser.Problems);
    }

    private static ExperimentDefinition Star() => new()
    {
        Name = "a star",
        Preset = "nano",
        Design = AblationDesign.Star,
        Base = Json(("dataset", new { name = "fashion-mnist-sample", limit = TwoByTwo.Images }), ("batchSize", TwoByTwo.BatchSize), ("epochs", TwoByTwo.Epochs)),
        Axes = Json(("maskRatio", new[] { 0.75, 0.5, 0.9 }), ("patchSize", new[] { 4, 7 }), ("seed", new[] { 0, 1 })),
    };

    private static JsonObject Json(params (string Name, object Value)[] members) =>
        new() { AdditionalProperties = members.ToDictionary(member => member.Name, member => member.Value) };
}
