using System.Text.Json.Nodes;
using Bunit;
using MaeLab.Domain.Ablations;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Web.Features.Experiment;
using MaeLab.Web.Features.Runs;

namespace MaeLab.Web.Tests.Components;

public sealed class MatrixTableTests : ComponentTest
{
    private static readonly Axis[] s_axes = [new("maskRatio", ["0.5", "0.75"]), new("patchSize", ["4", "7"])];

    [Fact]
    public void Cell_shows_mean_half_interval_and_how_it_reads_aloud()
    {
        var runs = new[] { Run(0.75, 4, 0, RunState.Completed), Run(0.75, 4, 1, RunState.Completed) };

        var cell = Render(runs, 0.80, 0.82).Cell("0.75", "4");

        Assert.Equal("81.0 %", cell.QuerySelector("b")!.TextContent);
        // t(0.975, 1) = 12.706; the standard error of two values 0.02 apart is 0.01.
        Assert.Equal("± 12.7 %", cell.QuerySelector("b + span")!.TextContent);
        Assert.Contains("patch size 4, mask ratio 0.75", cell.QuerySelector(".visually-hidden")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("n = 2", cell.QuerySelector(".visually-hidden")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("95 % interval 68.3 % to 93.7 %", cell.QuerySelector(".visually-hidden")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_runs_under_way_are_provisional_and_never_mixed_with_final_ones()
    {
        var runs = new[] { Run(0.5, 4, 0, RunState.Running), Run(0.75, 4, 0, RunState.Completed), Run(0.75, 4, 1, RunState.Running) };

        var table = Render(runs, 0.4, 0.8, 0.1);

        Assert.Contains("provisional", table.Cell("0.5", "4").ClassName, StringComparison.Ordinal);
        Assert.Equal("80.0 %", table.Cell("0.75", "4").QuerySelector("b")!.TextContent);
        Assert.DoesNotContain("provisional", table.Cell("0.75", "4").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public void Best_final_cell_stands_out()
    {
        var runs = new[] { Run(0.5, 4, 0, RunState.Completed), Run(0.75, 4, 0, RunState.Completed), Run(0.75, 7, 0, RunState.Running) };

        var table = Render(runs, 0.7, 0.8, 0.99);

        Assert.Equal(table.Cell("0.75", "4"), Assert.Single(table.Rendered.FindAll(".matrix-cell.best")));
    }

    [Fact]
    public void Cells_that_the_seeds_do_not_tell_from_the_best_are_marked()
    {
        RunSummary[] runs =
        [
            Run(0.75, 4, 0, RunState.Completed), Run(0.75, 4, 1, RunState.Completed), Run(0.5, 4, 0, RunState.Completed), Run(0.5, 4, 1, RunState.Completed),
            Run(0.5, 7, 0, RunState.Completed), Run(0.5, 7, 1, RunState.Completed), Run(0.75, 7, 0, RunState.Completed),
        ];

        // Two seeds 0.002 apart are within 0.0127 of their mean; one alone says nothing.
        var table = Render(runs, 0.799, 0.801, 0.789, 0.791, 0.699, 0.701, 0.799);

        Assert.Equal(table.Cell("0.5", "4"), Assert.Single(table.Rendered.FindAll(".matrix-cell.on-par")));
        Assert.Contains("Its interval overlaps that of the best", table.Cell("0.5", "4").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Cell_without_runs_is_no_button()
    {
        var table = Render([Run(0.5, 4, 0, RunState.Queued)], 0.0);

        Assert.Single(table.Rendered.FindAll("button.matrix-cell"));
        Assert.Equal(3, table.Rendered.FindAll(".matrix-cell.absent").Count);
        Assert.Contains("queued", table.Cell("0.5", "4").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Cell_without_runs_offers_to_queue_it_where_the_page_can()
    {
        CellGap? asked = null;
        var matrix = Matrix.Build(
            s_axes, [Run(0.5, 4, 0, RunState.Queued)], new Dictionary<Guid, double>(), MatrixQuery.Create(s_axes, null, null, SeriesNames.LinearAccuracy, []));
        var table = Context.Render<MatrixTable>(parameters => parameters
            .Add(component => component.Matrix, matrix).Add(component => component.FillClicked, gap => asked = gap).Add(component => component.Seeds, [0, 1]));

        var offers = table.FindAll("[data-testid=matrix-queue]");
        Assert.Equal(4, offers.Count); // the fourth lacks the other seed
        offers.Single(offer => offer.GetAttribute("aria-label")!.Contains("patch size 7, mask ratio 0.75", StringComparison.Ordinal)).Click();

        Assert.Equal(("7", "0.75", 2), (asked!.Cell.Row, asked.Cell.Column, asked.MissingSeeds));
        Assert.Empty(Render([Run(0.5, 4, 0, RunState.Queued)], 0.0).Rendered.FindAll("[data-testid=matrix-queue]"));
    }

    [Fact]
    public void Click_tells_which_cell()
    {
        MatrixCell? clicked = null;
        var table = Render([Run(0.5, 7, 0, RunState.Completed)], cell => clicked = cell, 0.5);

        table.Cell("0.5", "7").Click();

        Assert.Equal(("7", "0.5"), (clicked!.Row, clicked.Column));
    }

    [Fact]
    public void Only_cells_with_failed_or_cancelled_runs_offer_to_queue_them_again()
    {
        CellGap? again = null;
        var table = Render(
            [Run(0.5, 4, 0, RunState.Failed), Run(0.5, 4, 1, RunState.Completed), Run(0.75, 4, 0, RunState.Cancelled), Run(0.5, 7, 0, RunState.Completed)],
            _ => { }, [0, 0.5, 0, 0.5], gap => again = gap);

        var offers = table.Rendered.FindAll("[data-testid=matrix-retry]");
        Assert.Equal(
            ["Queue 1 failed or cancelled run of patch size 4, mask ratio 0.5", "Queue 1 failed or cancelled run of patch size 4, mask ratio 0.75"],
            offers.Select(offer => offer.GetAttribute("aria-label")));
        offers[1].Click();

        Assert.Equal(("4", "0.75"), (again!.Cell.Row, again.Cell.Column));
        Assert.Equal(RunState.Cancelled, Assert.Single(again.Cell.Retriable).State);
    }

    [Theory]
    [InlineData(new[] { RunState.Completed, RunState.Running }, "Queue 1 missing seed of patch size 4, mask ratio 0.5")]
    [InlineData(new[] { RunState.Completed }, "Queue 2 missing seeds of patch size 4, mask ratio 0.5")]
    [InlineData(new[] { RunState.Failed, RunState.Queued }, "Queue 1 failed or cancelled run and 1 missing seed of patch size 4, mask ratio 0.5")]
    [InlineData(new RunState[0], "Queue all seeds of patch size 4, mask ratio 0.5")]
    [InlineData(new[] { RunState.Completed, RunState.Queued, RunState.Paused }, null)]
    public void Cell_offers_in_one_click_all_that_it_lacks_of_the_seeds(RunState[] states, string? offer)
    {
        RunSummary[] runs = [.. states.Select((state, seed) => Run(0.5, 4, seed, state))];
        var matrix = Matrix.Build([new("maskRatio", ["0.5"]), new("patchSize", ["4"])], runs, new Dictionary<Guid, double>(), MatrixQuery.Create(s_axes, null, null, SeriesNames.LinearAccuracy, []));

        var table = Context.Render<MatrixTable>(parameters => parameters
            .Add(component => component.Matrix, matrix).Add(component => component.FillClicked, _ => { }).Add(component => component.Seeds, [0, 1, 2]));

        Assert.Equal(offer, table.FindAll("button.matrix-retry").SingleOrDefault()?.GetAttribute("aria-label"));
    }

    [Fact]
    public void Cell_says_that_a_run_repeats_a_seed()
    {
        var table = Render([Run(0.5, 4, 0, RunState.Completed), Run(0.5, 4, 0, RunState.Completed)], 0.5, 0.5);

        Assert.Contains("1 run repeats a seed and does not count", table.Cell("0.5", "4").QuerySelector(".visually-hidden")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_sides_can_be_chosen()
    {
        var runs = new[] { Run(0.5, 4, 0, RunState.Completed), Run(0.5, 7, 0, RunState.Completed) };
        var values = runs.Select((run, i) => (run.Id, Value: i + 1.0)).ToDictionary(pair => pair.Id, pair => pair.Value);

        var matrix = Matrix.Build(s_axes, runs, values, MatrixQuery.Create(s_axes, "maskRatio", "patchSize", SeriesNames.TrainLoss, []));
        var table = Context.Render<MatrixTable>(parameters => parameters.Add(component => component.Matrix, matrix));

        Assert.Equal(["Mask ratio", "4", "7"], table.FindAll("thead tr:last-child th").Select(header => header.TextContent.Trim()));
    }

    private Table Render(RunSummary[] runs, params double[] values) => Render(runs, _ => { }, values);

    private Table Render(RunSummary[] runs, Action<MatrixCell> clicked, params double[] values) => Render(runs, clicked, values, _ => { });

    private Table Render(RunSummary[] runs, Action<MatrixCell> clicked, double[] values, Action<CellGap> filled)
    {
        var byRun = runs.Zip(values).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        var matrix = Matrix.Build(s_axes, runs, byRun, MatrixQuery.Create(s_axes, null, null, SeriesNames.LinearAccuracy, []));
        return new(Context.Render<MatrixTable>(parameters => parameters
            .Add(component => component.Matrix, matrix)
            .Add(component => component.CellClicked, clicked)
            .Add(component => component.FillClicked, filled)));
    }

    private static RunSummary Run(double maskRatio, int patchSize, long seed, RunState state) => new(
        Guid.CreateVersion7(), Guid.Empty, "sample", 0, HashCode.Combine(maskRatio, patchSize), false, new JsonObject { ["maskRatio"] = maskRatio, ["patchSize"] = patchSize },
        seed, maskRatio, patchSize, "fashion-mnist-sample", state, null, null, 0, 0, 1, 1, 10, 0.1, null, null, null, null, default, null, null);

    private sealed record Table(IRenderedComponent<MatrixTable> Rendered)
    {
        /// <summary>Rows are patch sizes, columns mask ratios.</summary>
        public AngleSharp.Dom.IElement Cell(string maskRatio, string patchSize)
        {
            var row = patchSize == "4" ? 1 : 2;
            var column = maskRatio == "0.5" ? 1 : 2;
            return Rendered.Find($"tbody tr:nth-child({row}) td:nth-of-type({column}) .matrix-cell");
        }
    }
}
