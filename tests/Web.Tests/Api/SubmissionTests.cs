using System.Net;
using System.Text.Json.Nodes;
using MaeLab.Contracts.Commands;
using MaeLab.Contracts.Facts;
using MaeLab.Domain.Ablations;

namespace MaeLab.Web.Tests.Api;

public sealed class SubmissionTests(SqliteApiHost host) : IClassFixture<SqliteApiHost>
{
    private const string Definition = """{"name":"submitted","axes":{"maskRatio":[0.5,0.75],"seed":[0,1]}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Submission_is_kept_until_the_scheduler_answers_and_created_once_it_has()
    {
        // Nobody answers yet.
        using (var kept = await host.PostAsync("api/v1/experiments", Definition))
        {
            var body = await ApiHost.ReadAsync(kept, HttpStatusCode.Accepted);
            Assert.Equal($"/api/v1/experiments/{body["id"]}", kept.Headers.Location?.ToString());
            Assert.Contains("kept in the queue", (string)body["message"]!, StringComparison.OrdinalIgnoreCase);
            AssertRunIds(body);
        }

        var scheduler = await host.SchedulerAsync();
        using (var created = await host.PostAsync("api/v1/experiments", Definition))
        {
            var body = await ApiHost.ReadAsync(created, HttpStatusCode.Created);
            Assert.Equal($"/api/v1/experiments/{body["id"]}", created.Headers.Location?.ToString());
            Assert.Equal(["id", "runIds"], body.Select(member => member.Key));
            AssertRunIds(body);

            var command = await scheduler.NextAsync<SubmitExperiment>(Cancel);
            Assert.Equal((Guid)body["id"]!, command.ExperimentId);
            Assert.Equal(Definition, command.Definition);
            Assert.Equal("an API client", command.SubmittedBy);
        }

        // The scheduler knows more than web, for example a data set that has just gone.
        scheduler.Errors = [new RejectedField("base.dataset.name", "It has just gone.")];
        using (var rejected = await host.PostAsync("api/v1/experiments", Definition))
        {
            var problem = await ApiHost.ReadProblemAsync(rejected, HttpStatusCode.BadRequest);
            Assert.Equal("""{"base.dataset.name":["It has just gone."]}""", problem["errors"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task Preview_tells_cells_runs_and_cost()
    {
        await host.Samples.AddRunnerAsync("fast", Guid.CreateVersion7(), TimeSpan.Zero, 100, Cancel);
        using var response = await host.PostAsync("api/v1/experiments/preview", Definition);

        var preview = await ApiHost.ReadAsync(response, HttpStatusCode.OK);

        Assert.Equal(4, (int)preview["runs"]!);
        var cells = preview["cells"]!.AsArray();
        Assert.Equal(["""{"maskRatio":0.5}""", """{"maskRatio":0.75}"""], cells.Select(cell => cell!["levels"]!.ToJsonString()));
        // nano on 8,000 images in batches of 256: 31 steps an epoch, 10 epochs; 24 or 12 of 49 patches visible.
        Assert.All(cells, cell => Assert.Equal(310, (long)cell!["totalSteps"]!));
        Assert.Equal([310L * 256 * 24, 310L * 256 * 12], cells.Select(cell => (long)cell!["visibleTokens"]!));
        var flops = cells.Sum(cell => (double)cell!["trainFlops"]!) * 2;
        Assert.Equal(flops, (double)preview["trainFlops"]!, tolerance: flops * 1e-12);
        Assert.Equal(flops / 100e9, (double)preview["predictedSeconds"]!, tolerance: 1e-9);
        Assert.True((long)preview["peakMemoryBytes"]! > 0 && (long)preview["maxParameters"]! > 0);
    }

    private static void AssertRunIds(JsonObject body)
    {
        var id = (Guid)body["id"]!;
        Assert.Equal(
            Enumerable.Range(0, 4).Select(index => RunIds.Create(id, index)),
            body["runIds"]!.AsArray().Select(run => (Guid)run!));
    }
}
