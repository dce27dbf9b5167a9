using Bunit;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Testing.Databases;
using MaeLab.Web.Browser;
using MaeLab.Web.Features.Run;
using MaeLab.Web.Features.Theory;
using MaeLab.Web.Live;
using MassTransit;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MaeLab.Web.Tests.Components;

/// <summary>Three cells of two seeds: two complete, of the third one run under way and one waiting.</summary>
public sealed class TheoryTabTests(SqliteFiles databases) : DatabaseComponentTest(databases)
{
    private Guid _experiment;
    private IReadOnlyList<Guid> _runs = [];

    protected override async ValueTask AddServicesAsync()
    {
        (_experiment, _runs) = await Samples.AddAsync(
            index => index switch { < 4 => RunState.Completed, 4 => RunState.Running, _ => RunState.Queued }, Cancel,
            """{"name":"theory","axes":{"maskRatio":[0.5,0.75,0.9],"seed":[0,1]}}""");
        AddExperimentViews();
        Context.Services.AddSingleton<TheoryResults>().AddSingleton<TheoryReader>();
        Context.Services.AddSingleton<TheoryJobReader>().AddSingleton<TheoryControl>().AddSingleton<RunControl>().AddSingleton<LiveFeed>();
        Context.Services.AddMassTransitTestHarness();
    }

    [Fact]
    public async Task Panel_says_the_question_what_is_plotted_and_what_to_expect()
    {
        var tab = await RenderAsync("question=layers&probe=q3_propagation_gain");

        var question = tab.Find("[data-testid=theory-question]").TextContent;
        var probe = TheoryCatalogue.Of(TheoryTopic.Layers).Probes.Single(own => own.Series == SeriesNames.PropagationGain);
        Assert.All([TheoryCatalogue.Of(TheoryTopic.Layers).Question, probe.What, probe.Formula, probe.Expected], text => Assert.Contains(text, question, StringComparison.Ordinal));
        Assert.Contains("inspired by", question, StringComparison.Ordinal);
        Assert.Equal("/theory#layers", tab.Find("[data-testid=theory-question] dd a[href^='/theory']").GetAttribute("href"));
        Assert.Equal(6, tab.FindAll(".theory-questions a").Count);
    }

    [Fact]
    public async Task Curve_has_a_line_for_each_cell_and_the_matrix_its_newest_values()
    {
        var tab = await RenderAsync("");

        var chart = tab.FindComponent<Web.Charts.LineChart>().Instance;
        Assert.Equal([2, 2, 1], chart.Series.Select(line => line.Curve.X.Length));
        Assert.All(chart.Series.Take(2), line => Assert.Equal([2, 2], line.Seeds!));
        Assert.StartsWith("Q1 kernel rank over the training, 3 cells: at the end from", chart.Label, StringComparison.Ordinal);

        await using var db = Database.Open();
        var mean = await db.ProbeResults.Where(row => row.Probe == SeriesNames.KernelRank && row.Step == 310 && (row.RunId == _runs[0] || row.RunId == _runs[1])).AverageAsync(row => row.Value, Cancel);
        Assert.Equal(Presentation.Format.Number(mean), tab.Find("[data-testid=matrix-cell] b").TextContent);
        Assert.Equal(3, tab.FindAll("[data-testid=matrix-cell]").Count);
    }

    [Fact]
    public async Task Links_lead_to_the_same_probe_in_matrix_and_curves_where_it_is_a_series()
    {
        var tab = await RenderAsync("tab=theory&question=interpolation");
        Assert.Equal("http://localhost/?question=interpolation&metric=theory%2Fq5_attention_reach", tab.Find("[data-testid=theory-to-matrix]").GetAttribute("href"));

        var longer = await RenderAsync("tab=theory&question=interpolation&probe=q5_global_gain");
        Assert.Empty(longer.FindAll("[data-testid=theory-to-matrix]"));
    }

    [Fact]
    public async Task Sides_seed_and_step_are_those_of_the_address_and_cells_change_the_left_one()
    {
        var tab = await RenderAsync("question=layers&left=1&right=0&seed=1&at=200");

        var sides = tab.FindComponents<FigureView>()[0].Instance.Figure.Panels.Select(panel => panel.Heading);
        Assert.Equal(["Mask ratio 0.75 · seed 1", "Mask ratio 0.5 · seed 1"], sides);
        Assert.Equal("step 155", tab.Find("[data-testid=theory-step]").GetAttribute("aria-valuetext"));

        await tab.FindAll("[data-testid=matrix-cell]")[2].ClickAsync(new());
        Assert.Contains("left=2", Context.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Maps_are_drawn_over_the_originals_and_one_image_can_be_large()
    {
        var tab = await RenderAsync("question=interpolation");
        var maps = tab.FindAll("[data-testid=patch-maps]");
        // Attention in both runs; influence in the complete one alone.
        Assert.Equal(3, maps.Count);
        Assert.Equal(8, maps[0].QuerySelectorAll("a").Length);

        await using var db = Database.Open();
        var original = await db.Images.Where(image => image.RunId == _runs[0] && image.Kind == ImageKinds.Original && image.GalleryIndex == 0).Select(image => image.Id).SingleAsync(Cancel);
        Assert.Equal(Urls.ImageContent(original), maps[0].QuerySelector("img")!.GetAttribute("src"));
        Assert.Contains("removed patch in row", maps[0].QuerySelector("a")!.GetAttribute("aria-label"), StringComparison.Ordinal);

        Go("question=interpolation&image=1");
        await tab.WaitForAssertionAsync(() => Assert.Equal(2, tab.FindAll("[data-testid=patch-maps]")[0].QuerySelectorAll("a").Length), Patience);
        Assert.Contains("large", tab.Find("[data-testid=patch-maps]").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_removed_patch_of_a_large_image_can_be_chosen()
    {
        var tab = await RenderAsync("question=interpolation&image=1");
        var choice = tab.Find("[data-testid=patch-maps] .patch-choice");
        var place = choice.GetAttribute("aria-label")!.Replace("Removed patch in ", "", StringComparison.Ordinal);
        Assert.DoesNotContain($"removed patch in {place};", tab.Find("[data-testid=patch-maps]").TextContent, StringComparison.Ordinal);

        Go(new Uri(choice.GetAttribute("href")!).Query.TrimStart('?'));

        await tab.WaitForAssertionAsync(() => Assert.Contains($"removed patch in {place};", tab.Find("[data-testid=patch-maps]").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Quality_against_decoder_depth_says_when_the_experiment_does_not_vary_it()
    {
        var tab = await RenderAsync("question=decoder&probe=linear_accuracy");

        Assert.Contains("does not vary decoder.depth", tab.Find("[data-testid=theory-not-varied]").TextContent, StringComparison.Ordinal);
        Assert.Contains("%", tab.Find("[data-testid=matrix-cell] b").TextContent, StringComparison.Ordinal);
        Assert.Empty((await RenderAsync("question=decoder")).FindAll("[data-testid=theory-not-varied]"));
    }

    [Fact]
    public async Task Numbers_of_a_chart_are_a_table_once_it_is_opened()
    {
        var tab = await RenderAsync("question=layers");
        Assert.Empty(tab.FindAll(".theory-table table"));

        await tab.Find(".theory-table").TriggerEventAsync("ontoggle", EventArgs.Empty);

        Assert.Equal("1.00", tab.Find(".theory-table tbody td").TextContent);
    }

    [Fact]
    public async Task Probe_that_was_not_run_says_how_to_get_it()
    {
        await using (var db = Database.Open())
        {
            await db.ProbeResults.Where(row => row.Probe == SeriesNames.PatchLeakage || row.Probe == SeriesNames.QuadratureSlope).ExecuteDeleteAsync(Cancel);
        }

        var tab = await RenderAsync("question=patches");
        Assert.Contains("run all theory probes", tab.Find("[data-testid=empty-state]").TextContent, StringComparison.Ordinal);
        Assert.Empty(tab.FindAll("[data-testid=theory-curve]"));
        Assert.Single(tab.FindAll("[data-testid=figure-missing]"));

        Go("question=kernel");
        await tab.WaitForAssertionAsync(() => Assert.Contains("run all theory probes", tab.Find("[data-testid=figure-missing]").TextContent, StringComparison.Ordinal), Patience);

        var waiting = (await Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"waits"}""")).Id;
        var first = await RenderAsync("", waiting);
        Assert.Contains("at each of its evaluations", first.Find("[data-testid=empty-state]").TextContent, StringComparison.Ordinal);
        Assert.Empty(first.FindAll("[data-testid=theory-pictures]"));
    }

    [Fact]
    public async Task New_results_come_with_the_next_refresh_and_old_lines_are_not_sent_again()
    {
        var tab = await RenderAsync("");
        var lines = tab.FindComponent<Web.Charts.LineChart>().Instance.Series;
        await RefreshAsync(tab);
        Assert.Same(lines, tab.FindComponent<Web.Charts.LineChart>().Instance.Series);

        await using (var db = Database.Open())
        {
            await db.ProbeResults.Where(row => row.RunId == _runs[4]).ExecuteUpdateAsync(row => row.SetProperty(result => result.Step, 170), Cancel);
        }

        await RefreshAsync(tab);
        await tab.WaitForAssertionAsync(() => Assert.Equal(170, tab.FindComponent<Web.Charts.LineChart>().Instance.Series[2].Curve.X[0]), Patience);
    }

    private async Task RefreshAsync(IRenderedComponent<TheoryTab> tab)
    {
        var view = await ViewAsync(_experiment);
        tab.Render(parameters => parameters.Add(component => component.View, view).Add(component => component.Runs, view.Runs));
    }

    private async Task<IRenderedComponent<TheoryTab>> RenderAsync(string query, Guid? experiment = null)
    {
        Go(query);
        var view = await ViewAsync(experiment ?? _experiment);
        var tab = Context.Render<TheoryTab>(parameters => parameters.Add(component => component.View, view).Add(component => component.Runs, view.Runs));
        await tab.WaitForStateAsync(() => tab.FindAll(".mud-skeleton").Count == 0, Patience);
        return tab;
    }
}
