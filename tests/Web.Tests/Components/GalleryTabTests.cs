using Bunit;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Databases;
using MaeLab.Web.Browser;
using MaeLab.Web.Charts;
using MaeLab.Web.Features.Experiment;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Components;

/// <summary>Two cells of two seeds: the first complete, of the second one run under way and one waiting.</summary>
public sealed class GalleryTabTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    private const long Half = 155;
    private const long Whole = 310;

    private Guid _experiment;
    private IReadOnlyList<Guid> _runs = [];

    protected override async ValueTask AddServicesAsync()
    {
        (_experiment, _runs) = await Samples.AddAsync(
            index => index switch { < 2 => RunState.Completed, 2 => RunState.Running, _ => RunState.Queued }, Cancel,
            """{"name":"gallery","axes":{"patchSize":[4,7],"seed":[3,1]}}""");
        Context.JSInterop.SetupModule("./js/lens.js").Mode = JSRuntimeMode.Loose;
        AddExperimentViews();
    }

    [Fact]
    public async Task Columns_are_cells_by_their_smallest_seed_at_the_newest_step()
    {
        var tab = await RenderAsync();

        Assert.Equal(["step 310", "not evaluated by then"], Columns(tab));
        Assert.Equal(8, tab.FindAll("[data-testid=gallery] tbody tr").Count);
        Assert.Equal(await ImageIdsAsync(_runs[1], ImageKinds.Original, Half), Sources(tab, "tbody th img"));
        Assert.Equal(await ImageIdsAsync(_runs[1], ImageKinds.Reconstruction, Whole), Sources(tab, "tbody td img"));
        Assert.Equal(8, tab.FindAll("tbody .nothing").Count);
    }

    [Fact]
    public async Task Seed_step_and_picture_are_those_of_the_address()
    {
        var tab = await RenderAsync("seed=3&at=310&picture=pasted&images=4");

        // The run under way was evaluated halfway; that is the nearest to what was asked for.
        Assert.Equal(["step 310", "step 155"], Columns(tab));
        Assert.Equal(
            (await ImageIdsAsync(_runs[0], ImageKinds.VisiblePasted, Whole)).Take(4).Concat((await ImageIdsAsync(_runs[2], ImageKinds.VisiblePasted, Half)).Take(4)).Order(),
            Sources(tab, "tbody td img").Order());

        Go("seed=3&at=200&picture=masked&images=4");
        await tab.WaitForAssertionAsync(() => Assert.Equal(["step 155", "step 155"], Columns(tab)), Patience);
        Assert.Equal((await ImageIdsAsync(_runs[0], ImageKinds.Masked, Half))[0], Sources(tab, "tbody td img")[0]);
    }

    [Fact]
    public async Task Masked_pictures_are_shown_at_steps_that_did_not_store_them()
    {
        var tab = await RenderAsync("picture=masked");

        Assert.Equal("step 310", Columns(tab)[0]);
        Assert.Equal(await ImageIdsAsync(_runs[1], ImageKinds.Masked, Half), Sources(tab, "tbody td img"));
    }

    [Fact]
    public async Task Error_map_has_words_a_legend_and_charts()
    {
        var tab = await RenderAsync("picture=errors&seed=3");

        var maps = tab.FindAll("tbody .error-map img");
        Assert.Equal(16, maps.Count);
        Assert.All(maps, map => Assert.StartsWith("data:image/png", map.GetAttribute("src"), StringComparison.Ordinal));
        Assert.Contains(maps, map => map.GetAttribute("alt")!.StartsWith("Image 0, Patch size 4: mean squared error 0.00", StringComparison.Ordinal));
        Assert.NotEmpty(tab.FindAll("[data-testid=error-legend]"));
        Assert.Equal(2, tab.FindAll("[data-testid=slice-chart]").Count);
        Assert.Equal(["Reconstruction error", "Shared pixel error", "Skill over interpolation"], tab.FindAll("tfoot th").Select(head => head.TextContent));
    }

    [Fact]
    public async Task Lines_of_many_cells_are_told_apart_by_colour_and_dash()
    {
        var (many, _) = await Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"many","axes":{"patchSize":[4,7],"maskRatio":[0.1,0.25,0.4,0.6,0.75,0.9]}}""");

        var tab = await RenderAsync(experiment: many);

        var lines = tab.FindComponents<SliceChart>()[0].Instance.Model.Series;
        Assert.Equal(12, lines.Count);
        Assert.Equal(6, lines.Select(line => line.Color).Distinct().Count());
        Assert.Equal(12, lines.Select(line => (line.Color, line.Dash)).Distinct().Count());
        Assert.Equal(8, tab.FindAll(".legend")[0].QuerySelectorAll(":scope > span").Length);
    }

    [Fact]
    public async Task Results_of_an_older_version_are_shown_without_errors_by_patch()
    {
        await using (var db = Database.Open())
        {
            await db.ProbeResults.Where(row => row.Probe != SeriesNames.ReconstructionError).ExecuteDeleteAsync(Cancel);
            await db.ProbeResults.ExecuteUpdateAsync(row => row.SetProperty(result => result.Details, """{"images":512,"maskRatio":0.75}"""), Cancel);
        }

        var tab = await RenderAsync("seed=3");
        Assert.Equal(16, tab.FindAll("tbody td img").Count);
        Assert.Empty(tab.FindAll("[data-testid=slice-chart]"));

        Go("seed=3&picture=errors");
        await tab.WaitForAssertionAsync(() => Assert.Equal(16, tab.FindAll("tbody .nothing").Count), Patience);
        Assert.Contains("older version", tab.Find("tbody .nothing").GetAttribute("title"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Experiment_without_evaluations_says_when_there_will_be_pictures()
    {
        var (id, _) = await Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"waits"}""");

        var tab = await RenderAsync(experiment: id);

        Assert.Contains("No reconstructions yet", tab.Find("[data-testid=empty-state]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_evaluation_comes_with_the_next_refresh()
    {
        var tab = await RenderAsync("seed=3");
        await using (var db = Database.Open())
        {
            await db.Images.Where(row => row.RunId == _runs[2]).ExecuteUpdateAsync(row => row.SetProperty(image => image.Step, 400), Cancel);
            await db.ProbeResults.Where(row => row.RunId == _runs[2]).ExecuteUpdateAsync(row => row.SetProperty(result => result.Step, 400), Cancel);
        }

        var view = await ViewAsync(_experiment);
        tab.Render(parameters => parameters.Add(component => component.View, view).Add(component => component.Runs, view.Runs));

        await tab.WaitForAssertionAsync(() => Assert.Equal(["step 310", "step 400"], Columns(tab)), Patience);
    }

    private static List<string> Columns(IRenderedComponent<GalleryTab> tab) => [.. tab.FindAll("[data-testid=gallery-column] small").Select(step => step.TextContent)];

    private static List<string> Sources(IRenderedComponent<GalleryTab> tab, string selector) => [.. tab.FindAll($"[data-testid=gallery] {selector}").Select(image => image.GetAttribute("src")!)];

    private async Task<List<string>> ImageIdsAsync(Guid run, string kind, long step)
    {
        await using var db = Database.Open();
        return [.. (await db.Images.Where(image => image.RunId == run && image.Kind == kind && image.Step == step).OrderBy(image => image.GalleryIndex)
            .Select(image => image.Id).ToListAsync(Cancel)).Select(Urls.ImageContent)];
    }

    private async Task<IRenderedComponent<GalleryTab>> RenderAsync(string query = "", Guid? experiment = null)
    {
        Go(query);
        var view = await ViewAsync(experiment ?? _experiment);
        var tab = Context.Render<GalleryTab>(parameters => parameters.Add(component => component.View, view).Add(component => component.Runs, view.Runs));
        await tab.WaitForStateAsync(() => tab.FindAll(".mud-skeleton").Count == 0, Patience);
        return tab;
    }
}
