using System.Text.Json.Nodes;
using MaeLab.Domain.Runs;

namespace MaeLab.Web.Tests.Api;

public abstract class MatrixTests(ApiHost host)
{
    // Quantiles of Student's t at 0.975 for 2 degrees and 1 degree of freedom, times deviation / sqrt(n).
    private const double HalfOfThree = 4.302652729911275 * 0.02 / 1.7320508075688772;
    private const double HalfOfTwo = 12.706204736432095 * 0.01;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Matrix_gives_mean_and_interval_over_the_seeds_of_each_cell()
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);

        var matrix = await host.GetAsync($"api/v1/experiments/{known.Id}/matrix?metric={KnownMatrix.Metric}&rows=patchSize&columns=maskRatio");

        Assert.Equal("""{"field":"patchSize","levels":[4,7]}""", matrix["rows"]!.ToJsonString());
        Assert.Equal("""{"field":"maskRatio","levels":[0.5,0.75]}""", matrix["columns"]!.ToJsonString());
        Assert.Equal(KnownMatrix.Metric, (string)matrix["metric"]!);
        var cells = matrix["cells"]!.AsArray();
        Assert.Equal(["4 0.5", "4 0.75", "7 0.5", "7 0.75"], cells.Select(cell => $"{cell!["row"]} {cell["column"]}"));
        AssertCell(cells[0]!, "completed", 3, 0.72, 0.02, HalfOfThree);
        AssertCell(cells[2]!, "completed", 2, 0.61, Math.Sqrt(0.0002), HalfOfTwo);
        Assert.Equal(known.RunIds.Take(3), cells[0]!["runIds"]!.AsArray().Select(run => (Guid)run!));

        // Under way: one value, provisional and without a spread.
        Assert.True((bool)cells[1]!["provisional"]!);
        Assert.Equal(0.5, (double)cells[1]!["mean"]!);
        AssertNull(cells[1]!, "std", "ciLow", "ciHigh");
        Assert.Equal("running", (string)cells[1]!["state"]!);

        // Waiting: no value at all.
        Assert.Equal(0, (int)cells[3]!["n"]!);
        AssertNull(cells[3]!, "mean", "std", "ciLow", "ciHigh");
        Assert.Equal("queued", (string)cells[3]!["state"]!);
    }

    [Fact]
    public async Task Matrix_over_one_factor_averages_over_the_other_or_holds_it()
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);
        var address = $"api/v1/experiments/{known.Id}/matrix?metric={KnownMatrix.Metric}&rows=seed&columns=maskRatio";

        var averaged = (await host.GetAsync(address))["cells"]!.AsArray();
        var held = (await host.GetAsync($"{address}&fixed=patchSize:7"))["cells"]!.AsArray();

        // Seed 0 at mask ratio 0.5: 0.70 with patch size 4, 0.60 with 7.
        Assert.Equal(0.65, (double)averaged[0]!["mean"]!, 12);
        // One seed, whatever is averaged within it.
        Assert.Equal(1, (int)averaged[0]!["n"]!);
        Assert.Equal(0.60, (double)held[0]!["mean"]!, 12);
        Assert.Equal([0, 1, 2], (await host.GetAsync(address))["rows"]!["levels"]!.AsArray().Select(seed => (int)seed!));
    }

    [Fact]
    public async Task Matrix_can_show_the_largest_value_of_a_series()
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);

        var matrix = await host.GetAsync($"api/v1/experiments/{known.Id}/matrix?metric={KnownMatrix.Metric}&value=max");

        Assert.Equal(99, (double)matrix["cells"]![0]!["mean"]!);
    }

    [Fact]
    public async Task Matrix_of_an_experiment_without_factors_or_values_has_one_empty_cell()
    {
        var (id, runIds) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel, """{"name":"one run"}""");

        var matrix = await host.GetAsync($"api/v1/experiments/{id}/matrix");

        var cell = Assert.Single(matrix["cells"]!.AsArray())!;
        Assert.Null(cell["row"]);
        Assert.Equal(runIds[0], (Guid)cell["runIds"]![0]!);
        AssertNull(cell, "mean");
    }

    private static void AssertCell(JsonNode cell, string state, int n, double mean, double std, double half)
    {
        Assert.Equal(state, (string)cell["state"]!);
        Assert.Equal(n, (int)cell["n"]!);
        Assert.Equal(mean, (double)cell["mean"]!, 12);
        Assert.Equal(std, (double)cell["std"]!, 12);
        Assert.Equal(mean - half, (double)cell["ciLow"]!, 9);
        Assert.Equal(mean + half, (double)cell["ciHigh"]!, 9);
        Assert.False((bool)cell["provisional"]!);
    }

    /// <summary>There, and null: a client need not ask whether the member exists.</summary>
    private static void AssertNull(JsonNode cell, params string[] members) =>
        Assert.All(members, member => Assert.True(cell.AsObject().TryGetPropertyValue(member, out var value) && value is null, $"{member} in {cell}"));
}

public sealed class SqliteMatrixTests(SqliteApiHost host) : MatrixTests(host), IClassFixture<SqliteApiHost>;

public sealed class PostgresMatrixTests(PostgresApiHost host) : MatrixTests(host), IClassFixture<PostgresApiHost>;
