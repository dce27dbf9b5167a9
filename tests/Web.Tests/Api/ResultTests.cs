using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using MaeLab.Domain.Metrics;
using MaeLab.Domain.Runs;
using MaeLab.Storage.Checkpoints;
using MaeLab.Storage.Model;
using MaeLab.Storage.Runs;
using Microsoft.EntityFrameworkCore;

namespace MaeLab.Web.Tests.Api;

/// <summary>Checkpoints, images and logs.</summary>
public sealed class ResultTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checkpoint_is_listed_and_streamed_whole()
    {
        var content = RandomNumberGenerator.GetBytes((9 << 20) + 5); // three pieces, the last one short
        var (run, id) = await SaveCheckpointAsync(content);

        var item = (await host.GetAsync($"api/v1/runs/{run}/checkpoints"))["items"]![0]!;
        using var response = await host.Http.GetAsync($"api/v1/checkpoints/{id}/content", HttpCompletionOption.ResponseHeadersRead, Cancel);

        var sum = Convert.ToHexStringLower(SHA256.HashData(content));
        Assert.Equal((id, 7L, content.Length, sum), ((Guid)item["id"]!, (long)item["step"]!, (int)item["sizeBytes"]!, (string)item["sha256"]!));
        Assert.Equal(content.Length, response.Content.Headers.ContentLength);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"maelab-{run}-step-7.safetensors", response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal($"\"{sum}\"", response.Headers.ETag?.Tag);
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Checkpoint_that_the_client_has_is_not_sent_again()
    {
        var (_, id) = await SaveCheckpointAsync([1, 2, 3]);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/checkpoints/{id}/content");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))}\""));

        using var response = await host.Http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }

    [Fact]
    public async Task Damaged_checkpoint_breaks_off_before_its_end()
    {
        var (_, id) = await SaveCheckpointAsync(new byte[5 << 20]);
        await using (var db = host.Database.Open())
        {
            var piece = await db.CheckpointChunks.SingleAsync(chunk => chunk.CheckpointId == id && chunk.Index == 0, Cancel);
            piece.Data[17] = 1;
            db.Entry(piece).Property(chunk => chunk.Data).IsModified = true;
            await db.SaveChangesAsync(Cancel);
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => host.Http.GetByteArrayAsync($"api/v1/checkpoints/{id}/content", Cancel));
    }

    [Fact]
    public async Task Checkpoint_that_is_not_complete_is_neither_listed_nor_given()
    {
        var (run, id) = await SaveCheckpointAsync([1, 2, 3]);
        await using (var db = host.Database.Open())
        {
            await db.Checkpoints.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(r => r.Complete, false), Cancel);
        }

        Assert.Empty((await host.GetAsync($"api/v1/runs/{run}/checkpoints"))["items"]!.AsArray());
        await host.GetProblemAsync($"api/v1/checkpoints/{id}/content", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Image_is_listed_and_given_for_good()
    {
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"pictures"}""");

        var items = (await host.GetAsync($"api/v1/runs/{runs[0]}/images"))["items"]!.AsArray();
        using var response = await host.Http.GetAsync($"api/v1/images/{items[^1]!["id"]}/content", Cancel);

        Assert.Equal(["masked", "original", "reconstruction", "visible_pasted"], items.Take(4).Select(image => (string)image!["kind"]!));
        Assert.All(items, image => Assert.Equal((28, 28), ((int)image!["width"]!, (int)image["height"]!)));
        Assert.Equal(8, items.Select(image => (int)image!["galleryIndex"]!).Distinct().Count());
        Assert.Equal(2, items.Select(image => (long)image!["step"]!).Distinct().Count());
        Assert.Equal("image/png", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", response.Headers.CacheControl?.ToString(), StringComparison.Ordinal);
        Assert.Equal("PNG"u8.ToArray(), (await response.Content.ReadAsByteArrayAsync(Cancel))[1..4]);
    }

    [Fact]
    public async Task Classifications_are_the_newest_of_each_classifier()
    {
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"classes"}""");
        var newer = new ProbeResultRow
        {
            Id = Guid.CreateVersion7(),
            RunId = runs[0],
            Attempt = 1,
            Step = 100_000,
            Probe = SeriesNames.LinearAccuracy,
            Value = 0.25,
            Details = """{"perClass":[0.5,null],"trainImages":8000,"probeImages":2000}""",
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        ProbeResultRow other = new() { Id = Guid.CreateVersion7(), RunId = runs[0], Attempt = 1, Step = 100_000, Probe = SeriesNames.ReconstructionError, Value = 1, Details = """{"images":512}""" };
        await new RunResultStore(host.Database.Contexts).SaveEvaluationAsync(runs[0], 1, 100_000, [], [newer, other], Cancel);

        var items = (await host.GetAsync($"api/v1/runs/{runs[0]}/classifications"))["items"]!.AsArray();

        Assert.Equal(
            [(SeriesNames.LinearAccuracy, 0.25), (SeriesNames.FineTuneAccuracy, 0.9), (SeriesNames.ScratchAccuracy, 0.85)],
            items.Select(item => ((string)item!["probe"]!, (double)item["accuracy"]!)));
        Assert.Null(items[0]!["details"]!["perClass"]![1]);
        Assert.Equal(180, (int)items[1]!["details"]!["confusion"]![0]![0]!);
        Assert.Equal(0.05, (double)items[2]!["details"]!["pretrainingGain"]!);
    }

    [Fact]
    public async Task Reconstructions_tell_their_errors_by_patch_at_every_step()
    {
        var (_, runs) = await host.Samples.AddAsync(_ => RunState.Completed, Cancel, """{"name":"errors","preset":"nano"}""");
        await new RunResultStore(host.Database.Contexts).SaveEvaluationAsync(
            runs[0], 1, 1, [], [new() { Probe = SeriesNames.ReconstructionError, Value = 0.5, Details = """{"images":512,"maskRatio":0.75}""" }], Cancel);

        var items = (await host.GetAsync($"api/v1/runs/{runs[0]}/reconstructions"))["items"]!.AsArray();

        Assert.Equal(3, items.Count);
        Assert.Equal(items.Select(item => (long)item!["step"]!).Order(), items.Select(item => (long)item!["step"]!));
        Assert.Equal((1, 0.5), ((long)items[0]!["step"]!, (double)items[0]!["error"]!));
        Assert.Null(items[0]!["details"]!["gallery"]);
        var gallery = items[2]!["details"]!["gallery"]!;
        Assert.Equal((4, 7), ((int)gallery["patchSize"]!, (int)gallery["grid"]!));
        Assert.All(gallery["images"]!.AsArray(), image => Assert.Equal((49, 12), (image!["errors"]!.AsArray().Count, image["visible"]!.AsArray().Count)));
    }

    [Fact]
    public async Task Log_gives_its_newest_lines_or_those_after_a_line()
    {
        var run = await AddRunAsync();
        var lines = Enumerable.Range(0, 7).Select(i => new RunLogRow { Sequence = i, Level = "info", Text = $"line {i}", At = DateTimeOffset.UnixEpoch });
        await new RunResultStore(host.Database.Contexts).AddLogsAsync(run, 1, [.. lines], Cancel);

        Assert.Equal([5, 6], await ReadAsync("limit=2"));
        Assert.Equal([0, 1, 2], await ReadAsync("after=0&limit=3"));
        var third = (await host.GetAsync($"api/v1/runs/{run}/logs?after=0&limit=3"))["items"]![2]!["id"];
        Assert.Equal([3, 4, 5, 6], await ReadAsync($"after={third}"));
        var page = await host.GetAsync($"api/v1/runs/{run}/logs?after=0&limit=3");
        Assert.Equal([3, 4, 5, 6], await ReadAsync($"cursor={page["nextCursor"]}"));
        Assert.Null((await host.GetAsync($"api/v1/runs/{run}/logs?after={third}&limit=4"))["nextCursor"]);

        async Task<IEnumerable<int>> ReadAsync(string query) =>
            (await host.GetAsync($"api/v1/runs/{run}/logs?{query}"))["items"]!.AsArray().Select(line => ((string)line!["text"]!)[^1] - '0');
    }

    private async Task<(Guid Run, Guid Checkpoint)> SaveCheckpointAsync(byte[] content)
    {
        var run = await AddRunAsync();
        var store = new CheckpointStore(host.Database.Contexts, TimeProvider.System);
        var row = await store.SaveAsync(Guid.CreateVersion7(), run, 1, step: 7, epoch: 0.5, final: true, new MemoryStream(content), Cancel);
        return (run, row.Id);
    }

    /// <summary>Assigned: it has its first attempt and nothing in it yet.</summary>
    private async Task<Guid> AddRunAsync() =>
        (await host.Samples.AddAsync(_ => RunState.Assigned, Cancel, """{"name":"one run"}""")).RunIds[0];
}
