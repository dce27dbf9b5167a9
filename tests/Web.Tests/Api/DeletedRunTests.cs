using System.Net;
using MaeLab.Domain.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

/// <summary>A deleted run is there until it is purged, but nothing of it can be had, by whichever id.</summary>
public sealed class DeletedRunTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_a_deleted_run_can_be_had()
    {
        var (_, runIds) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel);
        var run = runIds[0];
        await using var db = await host.Database.Contexts.CreateDbContextAsync(Cancel);
        var image = await db.Images.Where(row => row.RunId == run).Select(row => row.Id).FirstAsync(Cancel);
        var checkpoint = await db.Checkpoints.Where(row => row.RunId == run).Select(row => row.Id).FirstAsync(Cancel);
        string[] addresses =
        [
            $"images/{image}/content", $"checkpoints/{checkpoint}/content", $"runs/{run}", $"runs/{run}/images", $"runs/{run}/checkpoints",
            $"runs/{run}/metrics?names=train/loss", $"runs/{run}/logs", $"runs/{run}/classifications", $"runs/{run}/reconstructions",
        ];
        foreach (var address in addresses)
        {
            Assert.Equal((address, HttpStatusCode.OK), (address, await StatusAsync(address)));
        }

        await db.Runs.Where(row => row.Id == run).ExecuteUpdateAsync(row => row.SetProperty(deleted => deleted.DeletedAt, DateTimeOffset.UtcNow), Cancel);

        foreach (var address in addresses)
        {
            Assert.Equal((address, HttpStatusCode.NotFound), (address, await StatusAsync(address)));
        }
    }

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var response = await host.Http.GetAsync($"api/v1/{address}", Cancel);
        return response.StatusCode;
    }
}
