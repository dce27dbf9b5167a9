using System.IO.Compression;
using System.Net;
using MaeLab.Domain.Runs;

namespace MaeLab.Web.Tests.Api;

/// <summary>What is in the files is tested in Storage.Tests; here is how they are asked for and come.</summary>
public sealed class MetricExportTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Points_of_a_run_are_those_that_its_curves_count()
    {
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel);
        var series = (await host.GetAsync($"api/v1/runs/{runs[0]}/metrics"))["series"]!.AsArray();

        var (type, name, content) = await DownloadAsync($"runs/{runs[0]}/metrics/export?format=csv");

        Assert.Equal(("text/csv", $"maelab-{runs[0]}-metrics.csv"), (type, name));
        using var reader = new StreamReader(new MemoryStream(content));
        var lines = (await reader.ReadToEndAsync(Cancel)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("experiment,run,index,cell,maskRatio,patchSize,seed,series,step,epoch,wall_time,value", lines[0]);
        Assert.All(lines.Skip(1), line => Assert.Contains($",{runs[0]},", line, StringComparison.Ordinal));
        Assert.Equal(series.Sum(curve => (long)curve!["count"]!), lines.Length - 1);
    }

    [Fact]
    public async Task Files_of_an_experiment_have_all_its_runs()
    {
        var (id, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel);

        var (parquetType, parquetName, parquet) = await DownloadAsync($"experiments/{id}/metrics/export?format=parquet");
        var (zipType, zipName, zipped) = await DownloadAsync($"experiments/{id}/metrics/export?format=tensorboard");

        Assert.Equal(("application/vnd.apache.parquet", $"maelab-{id}-metrics.parquet"), (parquetType, parquetName));
        Assert.Equal("PAR1"u8, parquet.AsSpan(0, 4));
        Assert.Equal("PAR1"u8, parquet.AsSpan(parquet.Length - 4));
        Assert.Equal(("application/zip", $"maelab-{id}-tensorboard.zip"), (zipType, zipName));
        using var zip = new ZipArchive(new MemoryStream(zipped));
        Assert.Equal(runs.Count, zip.Entries.Count);
        Assert.StartsWith("000_maskRatio=0.5_patchSize=4_seed=0/events.out.tfevents.", zip.Entries[0].FullName, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=xlsx")]
    [InlineData("?format=1")]
    public async Task Format_that_there_is_not_is_refused(string query)
    {
        var (id, runs) = await host.Samples.AddAsync(_ => RunState.Queued, Cancel);

        foreach (var address in new[] { $"experiments/{id}", $"runs/{runs[0]}" })
        {
            var problem = await host.GetProblemAsync($"api/v1/{address}/metrics/export{query}", HttpStatusCode.BadRequest);
            Assert.NotNull(problem["errors"]!["format"]);
        }
    }

    private async Task<(string? Type, string? Name, byte[] Content)> DownloadAsync(string address)
    {
        using var response = await host.Http.GetAsync($"api/v1/{address}", Cancel);
        response.EnsureSuccessStatusCode();
        var headers = response.Content.Headers;
        return (headers.ContentType?.MediaType, headers.ContentDisposition?.FileName, await response.Content.ReadAsByteArrayAsync(Cancel));
    }
}
