using System.Net;

namespace MaeLab.Web.Tests.Api;

public abstract class ComparisonTests(ApiHost host)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_cell_is_compared_with_the_baseline()
    {
        var id = await ComparedCells.AddToAsync(host, Cancel);

        var comparisons = await host.GetAsync($"api/v1/experiments/{id}/comparisons?metric={ComparedCells.Metric}");

        Assert.Equal("""{"maskRatio":0.75}""", comparisons["reference"]!["levels"]!.ToJsonString());
        Assert.Equal(0.05, (double)comparisons["alpha"]!);
        var worse = comparisons["cells"]![0]!;
        Assert.Equal(("worse", 8), ((string)worse["finding"]!, (int)worse["pairs"]!));
        Assert.Equal(-0.04, (double)worse["difference"]!, 12);
        // Deviation 0.01 sqrt(6), Student's t at 0.975 with 7 degrees of freedom 2.364624.
        Assert.Equal(-0.04 + (2.364624 * 0.01 * Math.Sqrt(6) / Math.Sqrt(8)), (double)worse["ciHigh"]!, 7);
        // All eight of one sign: 2 of 256, and the only cell with seeds enough to be tested.
        Assert.Equal(2.0 / 256, (double)worse["pPermutation"]!);
        Assert.Equal(2.0 / 256, (double)worse["pPermutationHolm"]!);
        // -0.04 / (0.01 sqrt(6)), times Hedges' correction for 7 degrees of freedom, 0.88820.
        Assert.Equal(-0.04 / (0.01 * Math.Sqrt(6)) * 0.88820, (double)worse["effect"]!, 3);

        var few = comparisons["cells"]![1]!;
        Assert.Equal(("notEnoughSeeds", 2, 7), ((string)few["finding"]!, (int)few["pairs"]!, (int)few["seedsNeeded"]!));
        Assert.Null(few["effect"]);
        Assert.Equal(8, few["cell"]!["runIds"]!.AsArray().Count);
    }

    [Fact]
    public async Task Another_cell_can_be_the_reference_and_must_be_there()
    {
        var id = await ComparedCells.AddToAsync(host, Cancel);

        var comparisons = await host.GetAsync($"api/v1/experiments/{id}/comparisons?metric={ComparedCells.Metric}&against=0");

        Assert.Equal("better", (string)comparisons["cells"]![0]!["finding"]!);
        Assert.Equal(0.04, (double)comparisons["cells"]![0]!["difference"]!, 12);
        await host.GetProblemAsync($"api/v1/experiments/{id}/comparisons?against=3", HttpStatusCode.NotFound);
        await host.GetProblemAsync($"api/v1/experiments/{Guid.Empty}/comparisons", HttpStatusCode.NotFound);
    }
}

public sealed class SqliteComparisonTests(SqliteApiHost host) : ComparisonTests(host), IClassFixture<SqliteApiHost>;

public sealed class PostgresComparisonTests(PostgresApiHost host) : ComparisonTests(host), IClassFixture<PostgresApiHost>;
