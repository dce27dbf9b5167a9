using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;

namespace MaeLab.System.Tests;

/// <summary>The main job through the REST API: submit 2 x 2 cells, follow them, read the finished matrix.</summary>
public sealed class AblationThroughTheApiTests(PostgresServer databases, RabbitMqServer brokers)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_by_two_cells_submitted_are_trained_and_fill_the_matrix()
    {
        await using var ring = await RunningRing.StartAsync(databases, brokers, Cancel);

        var (answer, matrix) = await TwoByTwo.TrainAsync(ring.Http, "through the API", () => ring.Output, Cancel);

        var runIds = answer["runIds"]!.AsArray();
        Assert.Equal(4, runIds.Count);
        Assert.Equal([0.5, 0.75], matrix["columns"]!["levels"]!.AsArray().Select(level => (double)level!));
        Assert.Equal([4, 7], matrix["rows"]!["levels"]!.AsArray().Select(level => (int)level!));
        var cells = matrix["cells"]!.AsArray();
        Assert.Equal(4, cells.Count);
        Assert.All(cells, cell => Assert.InRange((double)cell!["mean"]!, 0.2, 1.0)); // chance is 0.1

        await AssertStoredAsync(ring, (string)runIds[0]!);
    }

    /// <summary>All that one run must leave behind.</summary>
    private static async Task AssertStoredAsync(RunningRing ring, string runId)
    {
        var run = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}", Cancel);
        Assert.Equal("completed", (string)run!["state"]!);

        var metrics = await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}/metrics?names=train/loss", Cancel);
        var loss = metrics!["series"]![0]!;
        Assert.Equal(TwoByTwo.Steps, (long)loss["count"]!);
        Assert.True((bool)loss["exact"]!);
        Assert.Equal(Enumerable.Range(1, TwoByTwo.Steps).Select(step => (double)step), loss["x"]!.AsArray().Select(x => (double)x!));

        var images = (await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}/images", Cancel))!["items"]!.AsArray();
        Assert.NotEmpty(images);
        var png = await ring.Http.GetByteArrayAsync($"api/v1/images/{images[0]!["id"]}/content", Cancel);
        Assert.Equal("PNG"u8.ToArray(), png[1..4]);

        var checkpoints = (await ring.Http.GetFromJsonAsync<JsonObject>($"api/v1/runs/{runId}/checkpoints", Cancel))!["items"]!.AsArray();
        var content = await ring.Http.GetByteArrayAsync($"api/v1/checkpoints/{checkpoints[0]!["id"]}/content", Cancel);
        Assert.Equal((long)checkpoints[0]!["sizeBytes"]!, content.LongLength);
    }
}
