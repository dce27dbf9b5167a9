using System.Text;
using MaeLab.Client;
using MaeLab.Testing;
using MaeLab.Testing.Brokers;
using MaeLab.Testing.Databases;
using MaeLab.Testing.Ring;

namespace MaeLab.System.Tests;

/// <summary>
/// The way through the REST API by a client that was generated from <c>web/openapi.json</c> when these tests were built: submit, watch,
/// read curves, export.
/// </summary>
public sealed class GeneratedClientTests(PostgresServer databases, RabbitMqServer brokers)
{
    private static readonly TimeSpan s_trainingTime = TimeSpan.FromMinutes(4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Generated_client_submits_an_ablation_watches_it_and_reads_its_results()
    {
        await using var ring = await RunningRing.StartAsync(databases, brokers, Cancel);
        var client = new MaeLabClient(ring.Http);

        var submitted = await client.SubmitExperimentAsync(Definition(epochs: TwoByTwo.Epochs), "one-submission", Cancel);
        Assert.Equal(2, submitted.RunIds.Count);

        await Eventually.GetAsync(
            "experiment whose runs are complete", async () => await FindAsync(client, submitted.Id) is { Runs.Completed: 2 } done ? done : null, s_trainingTime, () => ring.Output);
        var runs = await client.ListRunsAsync(experiment: submitted.Id, state: "completed", cancellationToken: Cancel);
        Assert.Equal(submitted.RunIds.Order(), runs.Items.Select(run => run.Id).Order());
        Assert.All(runs.Items, run => Assert.Equal(RunState.Completed, run.State));

        var run = submitted.RunIds.First();
        var loss = Assert.Single((await client.GetMetricsAsync(run, names: "train/loss", cancellationToken: Cancel)).Series);
        Assert.Equal(TwoByTwo.Steps, loss.Count);
        Assert.All(loss.Last, value => Assert.InRange(value!.Value, 0, 10));
        var matrix = await client.GetMatrixAsync(submitted.Id, metric: "train/loss", cancellationToken: Cancel);
        Assert.Equal(2, matrix.Cells.Count);

        using var csv = await client.ExportRunMetricsAsync(run, "csv", Cancel);
        using var reader = new StreamReader(csv.Stream, Encoding.UTF8);
        var lines = (await reader.ReadToEndAsync(Cancel)).Split("\r\n");
        Assert.Equal(TwoByTwo.Steps, lines.Count(line => line.Contains(",train/loss,", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Generated_client_tells_what_was_wrong_by_field()
    {
        await using var ring = await RunningRing.StartAsync(databases, brokers, Cancel);
        var client = new MaeLabClient(ring.Http);

        var invalid = await Assert.ThrowsAsync<ApiException<HttpValidationProblemDetails>>(() => client.SubmitExperimentAsync(Definition(epochs: -1), cancellationToken: Cancel));
        var nobody = Guid.CreateVersion7();
        var missing = await Assert.ThrowsAsync<ApiException<ProblemDetails>>(() => client.GetRunAsync(nobody, Cancel));

        Assert.Contains("base.epochs", invalid.Result.Errors.Keys);
        Assert.Equal((404, $"There is no run {nobody}."), (missing.Result.Status, missing.Result.Detail));
    }

    private static ExperimentDefinition Definition(int epochs) => new()
    {
        Name = "by a generated client",
        Preset = "nano",
        Base = Json(("dataset", new { name = "fashion-mnist-sample", limit = TwoByTwo.Images }), ("batchSize", TwoByTwo.BatchSize), ("epochs", epochs)),
        Axes = Json(("maskRatio", new[] { 0.5, 0.75 })),
    };

    private static JsonObject Json(params (string Name, object Value)[] members) =>
        new() { AdditionalProperties = members.ToDictionary(member => member.Name, member => member.Value) };

    /// <summary>Null as long as it waits in the queue.</summary>
    private static async Task<ExperimentDetail?> FindAsync(MaeLabClient client, Guid id)
    {
        try
        {
            return await client.GetExperimentAsync(id, Cancel);
        }
        catch (ApiException<ProblemDetails> missing) when (missing.StatusCode == 404)
        {
            return null;
        }
    }
}
