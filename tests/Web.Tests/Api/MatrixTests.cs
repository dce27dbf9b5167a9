using System.Text.Json.Nodes;
using MaeLab.Domain.Runs;
using MaeLab.Web.Tests.Sample;

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
    public async Task Matrix_can_show_values_at_a_step_and_at_equal_compute()
    {
        var (id, runs) = await host.Samples.AddAsync(
            _ => RunState.Completed, Cancel, """{"name":"unequal","preset":"nano","base":{"warmupEpochs":0},"axes":{"epochs":[1,2],"seed":[0]}}""");
        var shorter = (await host.GetAsync($"api/v1/runs/{runs[0]}"))["totalSteps"]!.GetValue<long>();
        await WriteAsync(runs[0], (10, 1), (20, 2), (shorter, 3));
        await WriteAsync(runs[1], (10, 4), (20, 5), (shorter, 6), (2 * shorter, 7));

        async Task<(double?[] Means, double? At)> ReadAsync(string value)
        {
            var matrix = await host.GetAsync($"api/v1/experiments/{id}/matrix?metric={KnownMatrix.Metric}&columns=epochs&{value}");
            return ([.. matrix["cells"]!.AsArray().Select(cell => (double?)cell!["mean"])], (double?)matrix["at"]);
        }

        Assert.Equal([3.0, 7.0], (await ReadAsync("value=last")).Means);
        Assert.Equal([2.0, 5.0], (await ReadAsync($"value=atStep&step={shorter - 1}")).Means);
        var equal = await ReadAsync("value=atStep");
        Assert.Equal(shorter, equal.At);
        Assert.Equal([3.0, 6.0], equal.Means);
        // Same batches, same mask ratio: an equal step is equal compute, however it is counted.
        Assert.Equal(equal.Means, (await ReadAsync("value=atBudget&budget=images")).Means);
        Assert.Equal(equal.Means, (await ReadAsync("value=atBudget")).Means);
        // The shorter run never got there.
        Assert.Equal([null, 7.0], (await ReadAsync($"value=atStep&step={2 * shorter}")).Means);
    }

    [Theory]
    [InlineData("train/loss", "min")]
    [InlineData("probe/linear_accuracy", "max")]
    [InlineData(KnownMatrix.Metric, "last")]
    public async Task Best_value_goes_by_the_direction_of_the_metric(string metric, string same)
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);

        async Task<string> CellsAsync(string value) =>
            (await host.GetAsync($"api/v1/experiments/{known.Id}/matrix?metric={metric}&value={value}"))["cells"]![0]!["mean"]!.ToJsonString();

        Assert.Equal(await CellsAsync(same), await CellsAsync("best"));
    }

    [Fact]
    public async Task Cells_tell_what_their_training_cost()
    {
        var known = await KnownMatrix.AddToAsync(host, Cancel);

        var cells = (await host.GetAsync($"api/v1/experiments/{known.Id}/matrix?rows=patchSize&columns=maskRatio"))["cells"]!.AsArray();

        // Three runs of 38 s each, as the sample has it; half of 49 patches of 8,000 images in ten epochs are visible.
        Assert.Equal(3 * 38, (double)cells[0]!["seconds"]!);
        Assert.InRange((double)cells[0]!["visibleTokens"]!, 3 * 24 * 79_000.0, 3 * 25 * 81_000.0);
        AssertNull(cells[3]!, "seconds", "visibleTokens");
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

    private Task WriteAsync(Guid run, params (long Step, double Value)[] points) =>
        SamplePoints.WriteAsync(host.Database.Contexts, run, KnownMatrix.Metric, points, Cancel);

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
